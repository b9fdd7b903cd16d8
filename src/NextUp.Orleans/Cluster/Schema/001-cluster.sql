-- What Orleans' providers for ADO.NET keep in a database. They know no table: they read their statements by key from
-- OrleansQuery and go by the names of parameters and columns, which is the contract published with their scripts
-- (github.com/dotnet/orleans, src/AdoNet, PostgreSQL-*.sql). The tables and the statements here are NextUp's own.
CREATE TABLE OrleansQuery (
    QueryKey TEXT PRIMARY KEY,
    QueryText TEXT NOT NULL
);

-- A cluster's membership is changed by whoever saw its latest version, one after the other.
CREATE TABLE cluster_version (
    cluster TEXT PRIMARY KEY,
    version INT NOT NULL
);

CREATE TABLE cluster_silo (
    cluster TEXT NOT NULL REFERENCES cluster_version,
    address TEXT NOT NULL,
    port INT NOT NULL,
    generation INT NOT NULL,
    silo_name TEXT NOT NULL,
    host_name TEXT NOT NULL,
    status INT NOT NULL,
    proxy_port INT NOT NULL,
    suspect_times TEXT,
    start_time TIMESTAMPTZ NOT NULL,
    alive_time TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (cluster, address, port, generation)
);

CREATE TABLE cluster_reminder (
    service TEXT NOT NULL,
    grain TEXT NOT NULL,
    name TEXT NOT NULL,
    start_time TIMESTAMPTZ NOT NULL,
    period BIGINT NOT NULL,
    grain_hash INT NOT NULL,
    version INT NOT NULL,
    PRIMARY KEY (service, grain, name)
);

CREATE INDEX cluster_reminder_by_hash ON cluster_reminder (service, grain_hash);

INSERT INTO OrleansQuery VALUES
('UpdateIAmAlivetimeKey', '
    UPDATE cluster_silo SET alive_time = @IAmAliveTime
    WHERE cluster = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation'),
('InsertMembershipVersionKey', '
    WITH made AS (INSERT INTO cluster_version VALUES (@DeploymentId, 0) ON CONFLICT DO NOTHING RETURNING 1)
    SELECT count(*)::int FROM made'),
('InsertMembershipKey', '
    WITH raised AS (
        UPDATE cluster_version SET version = version + 1
        WHERE cluster = @DeploymentId AND version = @Version AND NOT EXISTS (
            SELECT 1 FROM cluster_silo
            WHERE cluster = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation)
        RETURNING cluster),
    added AS (
        INSERT INTO cluster_silo
        SELECT cluster, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, NULL, @StartTime, @IAmAliveTime
        FROM raised RETURNING 1)
    SELECT count(*)::int FROM added'),
('UpdateMembershipKey', '
    WITH raised AS (
        UPDATE cluster_version SET version = version + 1
        WHERE cluster = @DeploymentId AND version = @Version AND EXISTS (
            SELECT 1 FROM cluster_silo
            WHERE cluster = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation)
        RETURNING cluster),
    changed AS (
        UPDATE cluster_silo s SET status = @Status, suspect_times = @SuspectTimes, alive_time = @IAmAliveTime FROM raised
        WHERE s.cluster = raised.cluster AND s.address = @Address AND s.port = @Port AND s.generation = @Generation RETURNING 1)
    SELECT count(*)::int FROM changed'),
('MembershipReadRowKey', '
    SELECT v.cluster AS DeploymentId, s.address AS Address, s.port AS Port, s.generation AS Generation,
        s.silo_name AS SiloName, s.host_name AS HostName, s.status AS Status, s.proxy_port AS ProxyPort,
        s.suspect_times AS SuspectTimes, s.start_time AS StartTime, s.alive_time AS IAmAliveTime, v.version AS Version
    FROM cluster_version v LEFT JOIN cluster_silo s
        ON s.cluster = v.cluster AND s.address = @Address AND s.port = @Port AND s.generation = @Generation
    WHERE v.cluster = @DeploymentId'),
('MembershipReadAllKey', '
    SELECT v.cluster AS DeploymentId, s.address AS Address, s.port AS Port, s.generation AS Generation,
        s.silo_name AS SiloName, s.host_name AS HostName, s.status AS Status, s.proxy_port AS ProxyPort,
        s.suspect_times AS SuspectTimes, s.start_time AS StartTime, s.alive_time AS IAmAliveTime, v.version AS Version
    FROM cluster_version v LEFT JOIN cluster_silo s ON s.cluster = v.cluster
    WHERE v.cluster = @DeploymentId'),
('DeleteMembershipTableEntriesKey', '
    WITH gone AS (DELETE FROM cluster_silo WHERE cluster = @DeploymentId)
    DELETE FROM cluster_version WHERE cluster = @DeploymentId'),
('GatewaysQueryKey', '
    SELECT address AS Address, proxy_port AS ProxyPort, generation AS Generation FROM cluster_silo
    WHERE cluster = @DeploymentId AND status = @Status AND proxy_port > 0'),
-- 3 is the status of a silo that is active.
('CleanupDefunctSiloEntriesKey', '
    DELETE FROM cluster_silo WHERE cluster = @DeploymentId AND alive_time < @IAmAliveTime AND status <> 3'),
('UpsertReminderRowKey', '
    INSERT INTO cluster_reminder VALUES (@ServiceId, @GrainId, @ReminderName, @StartTime, @Period, @GrainHash, 0)
    ON CONFLICT (service, grain, name) DO UPDATE SET start_time = excluded.start_time, period = excluded.period,
        grain_hash = excluded.grain_hash, version = cluster_reminder.version + 1
    RETURNING version'),
('ReadReminderRowsKey', '
    SELECT grain AS GrainId, name AS ReminderName, start_time AS StartTime, period AS Period, version AS Version
    FROM cluster_reminder WHERE service = @ServiceId AND grain = @GrainId'),
('ReadReminderRowKey', '
    SELECT grain AS GrainId, name AS ReminderName, start_time AS StartTime, period AS Period, version AS Version
    FROM cluster_reminder WHERE service = @ServiceId AND grain = @GrainId AND name = @ReminderName'),
-- A stretch of the ring of hashes, and one that goes over its end.
('ReadRangeRows1Key', '
    SELECT grain AS GrainId, name AS ReminderName, start_time AS StartTime, period AS Period, version AS Version
    FROM cluster_reminder WHERE service = @ServiceId AND grain_hash > @BeginHash AND grain_hash <= @EndHash'),
('ReadRangeRows2Key', '
    SELECT grain AS GrainId, name AS ReminderName, start_time AS StartTime, period AS Period, version AS Version
    FROM cluster_reminder WHERE service = @ServiceId AND (grain_hash > @BeginHash OR grain_hash <= @EndHash)'),
('DeleteReminderRowKey', '
    WITH gone AS (
        DELETE FROM cluster_reminder
        WHERE service = @ServiceId AND grain = @GrainId AND name = @ReminderName AND version = @Version RETURNING 1)
    SELECT count(*)::int FROM gone'),
('DeleteReminderRowsKey', '
    DELETE FROM cluster_reminder WHERE service = @ServiceId');

-- Who works, or last worked, on the job elsewhere; null where its last attempt ran in the server's own process. A lease
-- lies in the job's row because the start writes that row anyway. When it runs out is not stored (Lease.cs).
ALTER TABLE job ADD COLUMN lease_worker TEXT;
ALTER TABLE job ADD COLUMN lease_incarnation INTEGER;

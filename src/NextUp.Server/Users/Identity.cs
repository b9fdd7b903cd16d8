using NextUp.Actors;
using NextUp.Actors.Store;
using NextUp.Actors.Users;
using NextUp.Server.Live;
using NextUp.Server.Notices;
using NextUp.Server.Operations.Auditing;
using NextUp.Server.Settings;
using NextUp.Server.Users.Authority;
using NextUp.Server.Users.Keys;
using NextUp.Server.Users.Visitors;

namespace NextUp.Server.Users;

/// <summary>Everything that concerns who is who, put together.</summary>
sealed class Identity : IDisposable
{
    readonly string _dataFolder;
    volatile IdentitySettings _settings;
    readonly TimeProvider _clock;
    readonly IAccountStore _store;
    readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false })
    {
        MaxResponseContentBufferSize = AuthorityDocuments.DocumentBytesMax,
    };

    readonly ApiKeys _keys;
    readonly SignOuts _signOuts;
    readonly AccountCookie _accounts;
    readonly VisitorCookie _visitors;
    readonly Addresses _addresses;
    readonly AuthorityDocuments? _documents;
    readonly AuthorityTokens? _tokens;

    public Identity(string dataFolder, IdentitySettings settings, IJobStore jobs, IAccountStore store, TimeProvider clock)
    {
        (_dataFolder, _settings, _store, _clock) = (dataFolder, settings, store, clock);
        _keys = new ApiKeys(store, jobs, clock);
        _signOuts = new SignOuts(store, jobs, clock);
        Tenures = new Tenures(store, _signOuts, clock);
        _keys.Revoked += Tenures.Revoked;
        _accounts = new AccountCookie(dataFolder, clock);
        _visitors = new VisitorCookie(dataFolder, clock);
        _addresses = new Addresses(dataFolder, settings);
        if (settings.Authority is { } authority)
        {
            _documents = new AuthorityDocuments(authority, _http, clock, settings.KeysAge);
            _tokens = new AuthorityTokens(settings, _documents, clock);
        }

        Credentials = new Credentials(new TokenReader(dataFolder, clock), _tokens, _keys);
        Callers = new Callers(Credentials, _visitors, _accounts, _signOuts, _addresses, new AuditTrail(jobs, clock));
        Places = new VisitorPlaces(jobs, settings.VisitorsPerAddressMax);
    }

    public Credentials Credentials { get; }

    public Callers Callers { get; }

    /// <summary>What is open for callers, and ends with their credentials.</summary>
    public Tenures Tenures { get; }

    public VisitorPlaces Places { get; }

    /// <summary>Where a browser goes to sign in; null where there is no authority that knows this server.</summary>
    public string? SignInPath => _settings.ClientId is null || _documents is null ? null : SignIn.Path;

    /// <summary>What of changed settings can come into force while the server runs: limits, and how long sessions last.</summary>
    public void Configure(IdentitySettings settings)
    {
        _settings = _settings with { SessionDuration = settings.SessionDuration };
        Places.VisitorsMax = settings.VisitorsPerAddressMax;
        _addresses.Configure(settings);
    }

    /// <param name="moved">Told when a visitor's jobs have become an account's, before the answer.</param>
    public void Map(
        IEndpointRouteBuilder map, IActorDirectory actors, LiveFeed live, MeViews me, NoticeDesk notices,
        Func<UserId, UserId, Task> moved)
    {
        var sessions = new Sessions(
            Credentials, Callers, _accounts, _visitors, _signOuts, actors, live, me, notices, moved,
            () => _settings.SessionDuration, _clock);
        sessions.Map(map);
        new KeyEndpoints(_keys, _store, Callers, _clock).Map(map);
        new AuditEndpoint(_store, Callers).Map(map);
        if (SignInPath is not null)
            new SignIn(_settings, _documents!, _tokens!, sessions, _http, _dataFolder, _clock).Map(map);
    }

    public void Dispose()
    {
        Tenures.Dispose();
        _signOuts.Dispose();
        _addresses.Dispose();
        _http.Dispose();
    }
}

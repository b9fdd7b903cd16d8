using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using NextUp.Actors.Users;
using NextUp.EndToEndTests.Setup;
using NextUp.Server.Settings;
using NextUp.Server.Users;
using NextUp.Server.Users.Authority;

namespace NextUp.EndToEndTests.Users;

/// <summary>Tokens of a real, small authority on this machine.</summary>
public sealed class AuthorityTests : IAsyncLifetime
{
    readonly HttpClient _http = new();
    readonly MovedClock _clock = new();
    TestAuthority _authority = null!;
    AuthorityTokens _tokens = null!;

    sealed class MovedClock : TimeProvider
    {
        DateTimeOffset _now = System.GetUtcNow();

        public override DateTimeOffset GetUtcNow() => _now;

        public void Pass(TimeSpan time) => _now += time;
    }

    public async ValueTask InitializeAsync()
    {
        _authority = await TestAuthority.StartAsync();
        var json = $$$"""{"identity":{"authority":"{{{_authority.Address}}}"}}""";
        var settings = NextUpSettings.Parse("test", global::System.Text.Encoding.UTF8.GetBytes(json)).Identity;
        var documents = new AuthorityDocuments(_authority.Address, _http, _clock, settings.KeysAge);
        _tokens = new AuthorityTokens(settings, documents, _clock);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _authority.DisposeAsync();
    }

    [Fact]
    public async Task A_token_signed_with_a_published_key_speaks_for_its_account()
    {
        Assert.Equal(new Caller(UserId.Account("ada"), Role.User), await GoodAsync(Token("ada")));
        Assert.Equal(new Caller(UserId.Account("ada"), Role.User), await GoodAsync(Token("ada", _authority.Elliptic)));
    }

    [Fact]
    public async Task Roles_come_from_the_claim_and_the_highest_counts()
    {
        Assert.Equal(Role.Operator, (await GoodAsync(WithRoles("nextup-operator"))).Role);
        Assert.Equal(Role.Administrator, (await GoodAsync(WithRoles("nextup-operator", "nextup-administrator"))).Role);
        Assert.Equal(Role.Worker, (await GoodAsync(WithRoles("nextup-worker"))).Role);
        Assert.Equal(Role.User, (await GoodAsync(WithRoles("administrator"))).Role);
    }

    [Fact]
    public async Task What_is_wrong_with_a_token_makes_it_none()
    {
        var now = _clock.GetUtcNow();
        using var stranger = TestAuthority.NewRsa(_authority.Rsa.KeyId).Rsa;
        var publicKey = new SymmetricSecurityKey(_authority.Rsa.Rsa.ExportSubjectPublicKeyInfo()) { KeyId = _authority.Rsa.KeyId };
        var good = Token("ada").Split('.');
        var none = Base64UrlEncoder.Encode($$"""{"alg":"none","kid":"{{_authority.Rsa.KeyId}}"}""");
        string[] bad =
        [
            _authority.Token("ada", now.AddHours(-1)),
            _authority.Token("ada", now.AddHours(1)),
            _authority.Token("ada", now, audience: "another"),
            _authority.Token("ada", now, issuer: "http://evil.example"),
            _authority.Token("ada", now, new RsaSecurityKey(stranger) { KeyId = _authority.Rsa.KeyId }),
            _authority.Token("ada", now, publicKey, SecurityAlgorithms.HmacSha256),
            _authority.Token(null, now),
            $"{none}.{good[1]}.",
            $"{none}.{good[1]}.{good[2]}",
            $"{good[0]}.{good[1]}.{new string('A', good[2].Length)}",
        ];

        for (var i = 0; i < bad.Length; i++)
            Assert.True(await ReadAsync(bad[i]) is Credential.Bad, $"bad token {i}");
    }

    [Fact]
    public async Task A_rotated_key_is_found_and_nonsense_does_not_make_the_authority_be_asked_again_and_again()
    {
        await GoodAsync(Token("ada"));
        _authority.Rotate("rsa-2");
        _clock.Pass(AuthorityDocuments.AskedAgainAfter);

        await GoodAsync(Token("ada"));
        Assert.Equal(2, _authority.KeyRequests);

        using var stranger = TestAuthority.NewRsa("x").Rsa;
        for (var i = 0; i < 50; i++)
        {
            var unknown = _authority.Token("ada", _clock.GetUtcNow(), new RsaSecurityKey(stranger) { KeyId = $"no-{i}" });
            Assert.IsType<Credential.Bad>(await ReadAsync(unknown));
        }

        Assert.Equal(2, _authority.KeyRequests);
    }

    [Fact]
    public async Task While_the_authority_is_away_what_is_known_stays_good_and_the_rest_is_not_decided()
    {
        _authority.IsAway = true;
        Assert.IsType<Credential.Unknown>(await ReadAsync(Token("ada")));

        _authority.IsAway = false;
        _clock.Pass(AuthorityDocuments.AskedAgainAfter);
        await GoodAsync(Token("ada"));

        _authority.IsAway = true;
        _clock.Pass(TimeSpan.FromHours(2));
        await GoodAsync(Token("ada"));
        _clock.Pass(AuthorityDocuments.KeptWithoutAnswer);
        Assert.IsType<Credential.Unknown>(await ReadAsync(Token("ada")));
    }

    string Token(string name, SecurityKey? key = null) => _authority.Token(name, _clock.GetUtcNow(), key);

    string WithRoles(params string[] roles) => _authority.Token("ada", _clock.GetUtcNow(), claims: [("roles", roles)]);

    ValueTask<Credential> ReadAsync(string token) => _tokens.ReadAsync(new JsonWebToken(token));

    async Task<Caller> GoodAsync(string token) => Assert.IsType<Credential.Good>(await ReadAsync(token)).Caller;
}

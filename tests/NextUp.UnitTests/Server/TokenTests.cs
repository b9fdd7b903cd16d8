using NextUp.Actors.Users;
using NextUp.Server.Users;

namespace NextUp.UnitTests.Server;

public sealed class TokenTests : IDisposable
{
    readonly TemporaryFolder _folder = new();
    readonly StoppedClock _clock = new();

    public void Dispose() => _folder.Dispose();

    async Task<Caller?> ReadAsync(string token) =>
        (await new TokenReader(_folder.Path, _clock).ReadAsync(token) as Credential.Good)?.Caller;

    [Fact]
    public async Task A_token_speaks_for_the_account_it_was_made_for()
    {
        var token = new TokenIssuer(_folder.Path, _clock).Issue("ada", isAdministrator: false);

        var caller = await ReadAsync(token);

        Assert.Equal(new Caller(UserId.Account("ada"), Role.User), caller);
    }

    [Fact]
    public async Task An_administrators_token_says_so()
    {
        var token = new TokenIssuer(_folder.Path, _clock).Issue("root", isAdministrator: true);

        var caller = await ReadAsync(token);

        Assert.True(caller?.IsAdministrator);
    }

    [Theory]
    [InlineData(Role.Worker)]
    [InlineData(Role.User)]
    [InlineData(Role.Operator)]
    [InlineData(Role.Administrator)]
    public async Task A_token_carries_the_role_it_was_made_with(Role role)
    {
        var token = new TokenIssuer(_folder.Path, _clock).Issue("ada", role);

        var caller = await ReadAsync(token);

        Assert.Equal(new Caller(UserId.Account("ada"), role), caller);
    }

    [Fact]
    public async Task A_token_ends_with_its_life_time()
    {
        var token = new TokenIssuer(_folder.Path, _clock).Issue("ada", isAdministrator: false, TimeSpan.FromHours(1));
        var reader = new TokenReader(_folder.Path, _clock);

        _clock.Pass(TimeSpan.FromMinutes(59));
        Assert.IsType<Credential.Good>(await reader.ReadAsync(token));
        _clock.Pass(TimeSpan.FromMinutes(2));
        Assert.IsType<Credential.Bad>(await reader.ReadAsync(token));
    }

    [Fact]
    public async Task A_token_of_another_installation_is_none()
    {
        using var other = new TemporaryFolder();
        var token = new TokenIssuer(other.Path, _clock).Issue("ada", isAdministrator: true);

        Assert.Null(await ReadAsync(token));
    }

    [Fact]
    public async Task A_token_without_a_signature_or_with_a_changed_one_is_none()
    {
        var token = new TokenIssuer(_folder.Path, _clock).Issue("ada", isAdministrator: false);
        var reader = new TokenReader(_folder.Path, _clock);
        var parts = token.Split('.');
        var unsigned = Convert.ToBase64String("{\"alg\":\"none\"}"u8).TrimEnd('=');

        Assert.IsType<Credential.Bad>(await reader.ReadAsync($"{unsigned}.{parts[1]}."));
        Assert.IsType<Credential.Bad>(await reader.ReadAsync($"{parts[0]}.{parts[1]}.{new string('A', parts[2].Length)}"));
        Assert.IsType<Credential.Bad>(await reader.ReadAsync("not a token"));
        Assert.IsType<Credential.Bad>(await reader.ReadAsync(""));
        Assert.IsType<Credential.Bad>(await reader.ReadAsync(new string('x', 100_000)));
    }

    [Fact]
    public void A_name_or_a_life_time_past_its_limit_is_refused_and_one_at_it_is_not()
    {
        var issuer = new TokenIssuer(_folder.Path, _clock);

        issuer.Issue(new string('n', TokenIssuer.NameLengthMax), isAdministrator: false, TokenIssuer.LifetimeMax);
        Assert.Throws<ArgumentException>(() => issuer.Issue(new string('n', TokenIssuer.NameLengthMax + 1), false));
        Assert.Throws<ArgumentException>(() => issuer.Issue("", false));
        Assert.Throws<ArgumentException>(() => issuer.Issue("a\nb", false));
        Assert.Throws<ArgumentException>(
            () => issuer.Issue("ada", false, TokenIssuer.LifetimeMax + TimeSpan.FromSeconds(1)));
        Assert.Throws<ArgumentException>(() => issuer.Issue("ada", false, TimeSpan.Zero));
    }

    [Fact]
    public void A_key_is_made_once_and_for_its_owner_only()
    {
        for (var round = 0; round < 50; round++)
        {
            var keys = new byte[16][];
            Parallel.For(0, keys.Length, i => keys[i] = KeyFile.ReadOrMake(_folder.Path, $"{round}.key"));
            Assert.All(keys, key => Assert.Equal(keys[0], key));
        }

        KeyFile.ReadOrMake(_folder.Path, "some.key");
        Assert.Equal(51, Directory.GetFiles(Path.Combine(_folder.Path, "keys")).Length);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(
                UnixFileMode.UserRead | UnixFileMode.UserWrite,
                File.GetUnixFileMode(Path.Combine(_folder.Path, "keys", "some.key")));
        }
    }

    [Fact]
    public void A_damaged_key_is_an_error_that_says_what_to_do()
    {
        KeyFile.ReadOrMake(_folder.Path, "some.key");
        File.WriteAllBytes(Path.Combine(_folder.Path, "keys", "some.key"), [1, 2, 3]);

        var error = Assert.Throws<IOException>(() => KeyFile.ReadOrMake(_folder.Path, "some.key"));
        Assert.Contains("some.key holds 3 bytes", error.Message, StringComparison.Ordinal);
        Assert.Contains("delete it", error.Message, StringComparison.Ordinal);
    }
}

using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using NextUp.Server.Notices.Push;
using NextUp.UnitTests.Server;

namespace NextUp.UnitTests.Notices;

public sealed class PushMessageTests
{
    const string BrowserPrivate = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94";
    const string BrowserPublic =
        "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
    const string Auth = "BTBZMqHH6r4Tts7J_aSIgg";

    static readonly BrowserSecrets Browser = BrowserSecrets.Parse(BrowserPublic, Auth)!;

    [Fact]
    public void The_example_of_RFC_8291_comes_out_byte_for_byte()
    {
        using var sender = ECDiffieHellman.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            D = Base64Url.DecodeFromChars("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"),
        });

        var message = PushMessage.Encrypt(
            "When I grow up, I want to be a watermelon"u8, Browser, sender,
            Base64Url.DecodeFromChars("DGv6ra1nlYgDCS1FRnbzlw"));

        Assert.Equal(
            "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27ml"
            + "mlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPT"
            + "pK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN",
            Base64Url.EncodeToString(message));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(PushMessage.TextBytesMax)]
    public void A_browser_can_read_what_was_written_to_it(int length)
    {
        var text = Enumerable.Range(0, length).Select(i => (byte)i).ToArray();

        var message = PushMessage.Encrypt(text, Browser);

        Assert.True(message.Length <= 4096);
        Assert.Equal(text, BrowserReader.Decrypt(message, BrowserPrivate, BrowserPublic, Auth));
        Assert.NotEqual(message, PushMessage.Encrypt(text, Browser));
    }

    [Fact]
    public void A_longer_text_is_refused() =>
        Assert.Throws<ArgumentException>(() => PushMessage.Encrypt(new byte[PushMessage.TextBytesMax + 1], Browser));

    [Theory]
    [InlineData(null, Auth)]
    [InlineData("", Auth)]
    [InlineData(BrowserPublic, "BTBZMqHH6r4Tts7J_aSI")]
    [InlineData(BrowserPublic, "not base64url!")]
    [InlineData("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw5", Auth)]
    [InlineData("BAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", Auth)]
    public void Keys_that_no_browser_has_are_refused(string? key, string? auth) =>
        Assert.Null(BrowserSecrets.Parse(key, auth));

    [Fact]
    public void Keys_survive_being_stored()
    {
        var again = BrowserSecrets.OfStored(Browser.Stored)!;
        Assert.Equal((BrowserPublic, Auth), (Base64Url.EncodeToString(again.PublicKey), Base64Url.EncodeToString(again.Auth)));
    }

    [Fact]
    public void The_proof_is_signed_by_the_key_that_browsers_know_and_stays_the_same_key()
    {
        using var folder = new TemporaryFolder();
        using var key = new PushKey(folder.Path);
        using var again = new PushKey(folder.Path);
        Assert.Equal(key.PublicKey, again.PublicKey);

        var header = key.Authorization(new Uri("https://push.example.org:8443/a/b?c"), "ops@example.org", SomeNotice.At);

        Assert.StartsWith("vapid t=", header, StringComparison.Ordinal);
        var (token, known) = (header[8..header.IndexOf(',')], header[(header.IndexOf("k=", StringComparison.Ordinal) + 2)..]);
        Assert.Equal(key.PublicKey, known);
        var parts = token.Split('.');
        var point = Base64Url.DecodeFromChars(known);
        using var verifier = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint { X = point[1..33], Y = point[33..] },
        });
        Assert.True(verifier.VerifyData(
            Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256));
        var claims = JsonElement.Parse(Base64Url.DecodeFromChars(parts[1]));
        Assert.Equal("https://push.example.org:8443", claims.GetProperty("aud").GetString());
        Assert.Equal("mailto:ops@example.org", claims.GetProperty("sub").GetString());
        Assert.InRange(
            claims.GetProperty("exp").GetInt64() - SomeNotice.At.ToUnixTimeSeconds(), 1, 24 * 60 * 60);
    }
}

using Microsoft.AspNetCore.Http;
using NextUp.Actors.Users;
using NextUp.Server.Users;

namespace NextUp.UnitTests.Server;

public sealed class VisitorCookieTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_visitor_is_known_again_by_the_cookie_alone()
    {
        var (visitor, value, _) = Make(https: false);

        Assert.Equal(visitor, new VisitorCookie(_folder.Path, TimeProvider.System).Read(value));
        Assert.True(visitor.IsVisitor);
    }

    [Fact]
    public void No_cookie_can_be_made_up_or_changed()
    {
        var cookie = new VisitorCookie(_folder.Path, TimeProvider.System);
        var (_, value, _) = Make(https: false);
        var (_, other, _) = Make(https: false);

        for (var at = 0; at < value.Length; at++)
            Assert.Null(cookie.Read(value[..at] + (value[at] == 'A' ? 'B' : 'A') + value[(at + 1)..]));
        Assert.Null(cookie.Read(value[..22] + other[22..]));
        Assert.Null(cookie.Read(value + "A"));
        Assert.Null(cookie.Read(new string('é', value.Length)));
        Assert.Null(cookie.Read(""));
        Assert.Null(cookie.Read(null));
    }

    [Fact]
    public void Scripts_cannot_read_the_cookie_and_other_sites_cannot_use_it()
    {
        var (_, _, plain) = Make(https: false);
        var (_, _, secure) = Make(https: true);

        Assert.Contains("httponly", plain, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=lax", plain, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("secure", plain, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("secure", secure, StringComparison.OrdinalIgnoreCase);
    }

    (UserId Visitor, string Value, string Header) Make(bool https)
    {
        var context = new DefaultHttpContext { Request = { Scheme = https ? "https" : "http" } };
        var visitor = new VisitorCookie(_folder.Path, TimeProvider.System).Make(context);
        var header = context.Response.Headers.SetCookie.ToString();
        return (visitor,
            header[(VisitorCookie.Name.Length + 1)..header.IndexOf(';', StringComparison.Ordinal)], header);
    }
}

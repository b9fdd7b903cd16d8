using System.Net;
using NextUp.Actors.Notices;
using NextUp.Client.Notices;
using NextUp.Server.Notices;
using NextUp.Server.Notices.Delivery;
using NextUp.Server.Notices.Mail;
using NextUp.Server.Settings;

namespace NextUp.UnitTests.Notices;

public sealed class PublicAddressTests
{
    [Theory]
    [InlineData("8.8.8.8")]
    [InlineData("172.15.255.255")]
    [InlineData("172.32.0.0")]
    [InlineData("100.63.255.255")]
    [InlineData("100.128.0.0")]
    [InlineData("2606:4700:4700::1111")]
    [InlineData("::ffff:8.8.8.8")]
    [InlineData("64:ff9b::8.8.8.8")]
    [InlineData("2002:808:808::1")]
    public void Addresses_of_the_world_are_public(string address) => Assert.True(PublicAddresses.Has(IPAddress.Parse(address)));

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("10.255.255.255")]
    [InlineData("100.64.0.0")]
    [InlineData("100.127.255.255")]
    [InlineData("127.0.0.1")]
    [InlineData("127.255.255.255")]
    [InlineData("169.254.169.254")]
    [InlineData("172.16.0.0")]
    [InlineData("172.31.255.255")]
    [InlineData("192.168.1.1")]
    [InlineData("198.19.255.255")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("::127.0.0.1")]
    [InlineData("64:ff9b::169.254.169.254")]
    [InlineData("64:ff9b:1::1")]
    [InlineData("2002:7f00:1::1")]
    [InlineData("2001::1")]
    [InlineData("2001:db8::1")]
    [InlineData("fc00::1")]
    [InlineData("fdff::1")]
    [InlineData("fe80::1")]
    [InlineData("fec0::1")]
    [InlineData("ff02::1")]
    public void Addresses_of_this_machine_this_network_and_nobody_are_not(string address) =>
        Assert.False(PublicAddresses.Has(IPAddress.Parse(address)));

    [Theory]
    [InlineData("https://example.org/hook", true)]
    [InlineData("https://example.org:8443/hook?x=1", true)]
    [InlineData("http://example.org/hook", false)]
    [InlineData("https://127.0.0.1/", false)]
    [InlineData("https://2130706433/", false)]
    [InlineData("https://0x7f.1/", false)]
    [InlineData("https://[::1]/", false)]
    [InlineData("https://[::ffff:10.0.0.1]/", false)]
    [InlineData("https://LOCALHOST/", false)]
    [InlineData("https://user:word@example.org/", false)]
    [InlineData("ftp://example.org/", false)]
    [InlineData("file:///etc/passwd", false)]
    [InlineData("/hook", false)]
    [InlineData("", false)]
    public void Only_encrypted_public_addresses_are_targets(string target, bool fits) =>
        Assert.Equal(fits, Fit(target, new NoticeSettings()) is FitTarget.Fits);

    [Fact]
    public void The_operator_can_allow_the_others()
    {
        Assert.IsType<FitTarget.Fits>(Fit("http://example.org/", new NoticeSettings { AllowHttp = true }));
        Assert.IsType<FitTarget.Fits>(Fit("https://10.0.0.1/", new NoticeSettings { AllowPrivateAddresses = true }));
    }

    [Fact]
    public void An_address_has_an_end()
    {
        var longest = "https://example.org/".PadRight(NoticeTargets.AddressLengthMax, 'x');
        Assert.IsType<FitTarget.Fits>(Fit(longest, new NoticeSettings()));
        Assert.IsType<FitTarget.Unfit>(Fit(longest + "x", new NoticeSettings()));
    }

    [Theory]
    [InlineData("ann@example.org", "ann@example.org")]
    [InlineData("Ann.B+x@Example.ORG", "Ann.B+x@example.org")]
    [InlineData("ann", null)]
    [InlineData("ann@localhost", null)]
    [InlineData("ann@example.org\r\nBcc: bob@example.org", null)]
    [InlineData("ann@example.org, bob@example.org", null)]
    [InlineData("Ann <ann@example.org>", null)]
    [InlineData("\"a b\"@example.org", null)]
    [InlineData("ann@exämple.org", null)]
    [InlineData("ann@example.org ", null)]
    [InlineData("ann@example.org.", null)]
    [InlineData("", null)]
    public void One_plain_address_of_mail_is_taken(string text, string? stored) =>
        Assert.Equal(stored, MailAddresses.Plain(text));

    static FitTarget Fit(string target, NoticeSettings settings) =>
        NoticeTargets.Fit(NoticeChannel.Webhook, new NoticeWish("webhook", target), settings);
}

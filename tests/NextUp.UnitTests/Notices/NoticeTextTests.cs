using System.Text;
using System.Text.Json;
using NextUp.Actors.Notices;
using NextUp.Actors.Users;
using NextUp.Server.Notices;
using NextUp.Server.Notices.Channels;
using NextUp.Server.Settings;

namespace NextUp.UnitTests.Notices;

public sealed class NoticeTextTests
{
    static readonly UserId s_ann = UserId.Account("ann");
    static readonly NoticeSettings Settings = new() { PublicAddress = new Uri("https://queue.example.org/") };

    [Fact]
    public void A_webhook_says_what_happened_to_which_job_and_nothing_of_the_servers_own()
    {
        var body = Encoding.UTF8.GetString(WebhookSender.Body(
            SomeNotice.Of(NoticeType.Completed, "é \"x\".bib", summary: "{\"entries\":3}"), Settings));

        const string job = "01900000-0000-7000-8000-000000000002";
        string[] members =
        [
            "\"type\":\"job.completed\",\"timestamp\":\"2026-03-01T12:00:00Z\",\"data\":{",
            $"\"id\":\"{job}\",\"kind\":\"bibtex\",\"fileName\":\"é \\\"x\\\".bib\",\"attempt\":1,\"reason\":null,",
            $"\"summary\":{{\"entries\":3}},\"url\":\"https://queue.example.org/jobs/{job}\"",
        ];
        Assert.Equal($"{{{string.Concat(members)}}}}}", body);
    }

    [Theory]
    [InlineData('x')]
    [InlineData('\u0001')]
    [InlineData('\u20ac')]
    public void A_body_keeps_to_its_limit(char letter)
    {
        var settings = Settings with { PayloadBytesMax = 2_000 };
        var summary = JsonSerializer.Serialize(new string('y', 5_000));
        var notice = SomeNotice.Of(NoticeType.Failed, new string(letter, 5_000), new string(letter, 50_000), summary);

        var body = WebhookSender.Body(notice, settings);

        Assert.InRange(body.Length, 300, 2_000);
        Assert.Equal("job.failed", JsonElement.Parse(body).GetProperty("type").GetString());
    }

    [Fact]
    public void The_signature_is_the_one_of_the_standard()
    {
        var subscription = SomeNotice.To("https://example.org/", secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        var id = SomeNotice.Of().Id;
        var body = """{"test": 2432232314}"""u8.ToArray();

        var signature = WebhookSecret.Signatures(subscription, id, 1614265330, body, SomeNotice.At);

        var expected = System.Security.Cryptography.HMACSHA256.HashData(
            Convert.FromBase64String("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
            Encoding.UTF8.GetBytes($"{id}.1614265330.{Encoding.UTF8.GetString(body)}"));
        Assert.Equal("v1," + Convert.ToBase64String(expected), signature);
        Assert.Matches("^msg_[0-9a-f]{32}$", id.ToString());
    }

    [Fact]
    public void During_a_rotation_both_secrets_sign_and_after_it_the_new_one_alone()
    {
        var subscription = SomeNotice.To("https://example.org/", secret: WebhookSecret.New()) with
        {
            FormerSecret = WebhookSecret.New(), FormerSecretUntil = SomeNotice.At,
        };
        string[] Signed(DateTimeOffset now) =>
            WebhookSecret.Signatures(subscription, SomeNotice.Of().Id, 1, "x"u8, now).Split(' ');

        var both = Signed(SomeNotice.At.AddSeconds(-1));
        Assert.Equal(2, both.Distinct().Count());
        Assert.Equal(both[..1], Signed(SomeNotice.At));
    }

    [Fact]
    public void In_Slack_a_file_name_is_plain_text_and_calls_nobody()
    {
        var json = JsonElement.Parse(ChatSender.Slack(
            SomeNotice.Of(fileName: "<!channel> *a* & <https://evil.example|x>.bib"), "https://queue.example.org/jobs/1"));

        Assert.Equal(
            "\"&lt;!channel&gt; *a* &amp; &lt;https://evil.example|x&gt;.bib\" is completed.", json.GetProperty("text").GetString());
        var section = json.GetProperty("blocks")[0].GetProperty("text");
        Assert.Equal("plain_text", section.GetProperty("type").GetString());
        Assert.Equal(
            "<https://queue.example.org/jobs/1|See the job>",
            json.GetProperty("blocks")[1].GetProperty("elements")[0].GetProperty("text").GetString());
    }

    [Fact]
    public void In_Discord_a_file_name_is_plain_text_and_calls_nobody()
    {
        var json = JsonElement.Parse(ChatSender.Discord(SomeNotice.Of(fileName: "@everyone **a** [x](https://e.example).bib"), null));

        Assert.Equal(
            "\"\\@everyone \\*\\*a\\*\\* \\[x\\]\\(https\\:\\/\\/e\\.example\\)\\.bib\" is completed\\.",
            json.GetProperty("content").GetString());
        Assert.Equal(0, json.GetProperty("allowed_mentions").GetProperty("parse").GetArrayLength());
    }

    [Theory]
    [InlineData("*")]
    [InlineData("😀")]
    [InlineData("x")]
    public void What_chats_get_is_never_longer_than_they_take(string unit)
    {
        var long_ = SomeNotice.Of(
            NoticeType.Failed, string.Concat(Enumerable.Repeat(unit, 5_000)), string.Concat(Enumerable.Repeat(unit, 5_000)));

        var discord = JsonElement.Parse(ChatSender.Discord(long_, "https://queue.example.org/jobs/1")).GetProperty("content");
        var slack = JsonElement.Parse(ChatSender.Slack(long_, null)).GetProperty("text");

        Assert.InRange(discord.GetString()!.Length, 100, 2_000);
        Assert.InRange(slack.GetString()!.Length, 100, 3_000);
        Assert.DoesNotContain('\ufffd', discord.GetString()!);
    }

    [Fact]
    public void Words_have_no_line_breaks_and_do_not_turn_the_direction_of_writing()
    {
        var words = NoticeWords.Sentence(SomeNotice.Of(NoticeType.Failed, "a\u202eb\r\nBcc: x.bib", "one\ntwo\u2028three"));
        Assert.Equal("\"a b  Bcc: x.bib\" has failed: one two three", words);
    }

    [Fact]
    public void Of_one_event_there_is_one_id_a_subscription()
    {
        var other = new SubscriptionId(Guid.CreateVersion7());
        Assert.Equal(NoticeId.Of(SomeNotice.Subscription, s_ann, 7), NoticeId.Of(SomeNotice.Subscription, s_ann, 7));
        Assert.NotEqual(NoticeId.Of(SomeNotice.Subscription, s_ann, 7), NoticeId.Of(SomeNotice.Subscription, s_ann, 8));
        Assert.NotEqual(NoticeId.Of(SomeNotice.Subscription, s_ann, 7), NoticeId.Of(other, s_ann, 7));
        Assert.True(NoticeId.TryParse(NoticeId.Of(other, s_ann, 7).ToString(), out var read));
        Assert.Equal(NoticeId.Of(other, s_ann, 7), read);
        Assert.False(NoticeId.TryParse("msg_", out _));
    }
}

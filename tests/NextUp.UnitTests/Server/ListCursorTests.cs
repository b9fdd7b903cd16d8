using NextUp.Actors.Jobs;
using NextUp.Actors.Users;
using NextUp.Server.Jobs;

namespace NextUp.UnitTests.Server;

public sealed class ListCursorTests : IDisposable
{
    static readonly UserId s_ada = UserId.Account("ada");

    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(1_000_000)]
    [InlineData(long.MaxValue)]
    public void A_cursor_leads_back_to_where_it_was_made(long sequence)
    {
        var cursors = new ListCursor(_folder.Path);

        Assert.True(cursors.TryRead(s_ada, cursors.Write(s_ada, new(sequence)), out var found));
        Assert.Equal(new JobSequence(sequence), found);
    }

    [Fact]
    public void Another_users_cursor_is_none()
    {
        var cursors = new ListCursor(_folder.Path);

        Assert.False(cursors.TryRead(UserId.Account("bob"), cursors.Write(s_ada, new(5)), out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("!!!!!!!!!!!!!!!!!!!!!!")]
    public void A_made_up_cursor_is_none(string text) =>
        Assert.False(new ListCursor(_folder.Path).TryRead(s_ada, text, out _));

    [Fact]
    public void Neighbouring_sequences_do_not_look_alike()
    {
        var cursors = new ListCursor(_folder.Path);
        var (first, second) = (cursors.Write(s_ada, new(1)), cursors.Write(s_ada, new(2)));

        Assert.True(first.Zip(second).Count(pair => pair.First != pair.Second) > 10);
    }
}

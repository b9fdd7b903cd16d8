using NextUp.Actors.Users;

namespace NextUp.UnitTests.Users;

public sealed class UserIdTests
{
    [Theory]
    [InlineData("", unchecked((int)0x811C9DC5))]
    [InlineData("a", unchecked((int)0xE40C292C))]
    [InlineData("foobar", unchecked((int)0xBF9CF968))]
    public void A_hash_is_the_same_in_each_process(string id, int hash) => Assert.Equal(hash, new UserId(id).GetHashCode());
}

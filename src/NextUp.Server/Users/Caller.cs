using NextUp.Actors.Users;

namespace NextUp.Server.Users;

/// <summary>Who sent a request.</summary>
sealed record Caller(UserId User, bool IsAdministrator);

using NextUp.Actors.Users;
using NextUp.Server.Operations;

namespace NextUp.Server.Users;

/// <summary>Who sent a request, and what their credentials allow.</summary>
/// <param name="Scopes">Never more than <see cref="Roles.Scopes"/> of the role.</param>
sealed record Caller(UserId User, Role Role, Scope Scopes)
{
    /// <summary>Of a visitor who submits: the keyed hash of their network address.</summary>
    public long? Origin { get; init; }

    /// <summary>When the token or the sign-in ends that speaks for the caller; null where it has no end.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>The id of the API key that speaks for the caller; null where none does.</summary>
    public string? Key { get; init; }

    /// <summary>The sign-in on the page that speaks for the caller; null where none does.</summary>
    public string? SignIn { get; init; }

    public Caller(UserId user, Role role)
        : this(user, role, role.Scopes())
    {
    }

    /// <summary>Sees and steers the queue; administrators do, too.</summary>
    public bool IsOperator => Role >= Role.Operator && Scopes.HasFlag(Scope.Operate);

    public bool IsAdministrator => Role == Role.Administrator && Scopes.HasFlag(Scope.Operate);

    /// <summary>Whether the caller is one of those the endpoint is for.</summary>
    public bool Is(Audience audience) => audience switch
    {
        Audience.Administrator => IsAdministrator,
        Audience.Operator => IsOperator,
        Audience.Account => !User.IsVisitor,
        Audience.Worker => Scopes.HasFlag(Scope.Work),
        _ => true,
    };
}

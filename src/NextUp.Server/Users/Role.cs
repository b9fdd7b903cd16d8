namespace NextUp.Server.Users;

/// <summary>What an account may do, each more than the one before. A visitor is a user.</summary>
public enum Role
{
    /// <summary>A program that leases work and reports on it, and sees nothing else.</summary>
    Worker = 0,

    /// <summary>Sees and changes what is their own.</summary>
    User = 1,

    /// <summary>Also sees and steers the queue.</summary>
    Operator = 2,

    /// <summary>Also keys, configuration, and what was done by whom.</summary>
    Administrator = 3,
}

/// <summary>Roles as words: in tokens, settings, on the command line and in answers.</summary>
static class Roles
{
    /// <summary>Every role, the least first.</summary>
    public static readonly IReadOnlyList<string> Names = ["worker", "user", "operator", "administrator"];

    public static string Name(this Role role) => Names[(int)role];

    /// <summary>For sentences: "ann, an operator". Nothing for a plain user.</summary>
    public static string Apposition(string role) => role switch
    {
        "user" => "",
        "worker" => ", a worker",
        _ => $", an {role}",
    };

    /// <summary>Null where the word is none.</summary>
    public static Role? Parse(string? word)
    {
        for (var i = 0; i < Names.Count; i++)
        {
            if (Names[i] == word)
                return (Role)i;
        }

        return null;
    }

    /// <summary>All that the role may do. A key or token may carry less, never more.</summary>
    public static Scope Scopes(this Role role) => role switch
    {
        Role.Worker => Scope.Work,
        Role.User => Scope.Read | Scope.Submit | Scope.Cancel | Scope.Account,
        _ => Scope.Read | Scope.Submit | Scope.Cancel | Scope.Account | Scope.Work | Scope.Operate,
    };
}

namespace NextUp.Server.Users;

/// <summary>What a caller's credentials allow. Each endpoint asks for one of them.</summary>
[Flags]
enum Scope
{
    None = 0,

    /// <summary>See one's own jobs, and the queue in counts.</summary>
    Read = 1,

    /// <summary>Hand in files.</summary>
    Submit = 2,

    /// <summary>Cancel one's own jobs.</summary>
    Cancel = 4,

    /// <summary>Lease work and report on it, and nothing else.</summary>
    Work = 8,

    /// <summary>Whatever the role may do as operator or administrator.</summary>
    Operate = 16,

    /// <summary>
    /// Change what belongs to the account itself: its keys, where it is told of things. No API key ever has it, so a
    /// stolen one cannot make itself a successor.
    /// </summary>
    Account = 32,
}

namespace NextUp.Client.Operations;

/// <summary>
/// For operators: <c>GET /api/v1/operations/workers</c>, who works elsewhere for this server, by account and name. Who
/// holds nothing and has been silent for two leases is left out.
/// </summary>
/// <param name="Count">All of them; the list has 1,000 at most.</param>
public sealed record WorkersView(IReadOnlyList<WorkerView> Workers, int Count);

/// <param name="Name">What it calls itself.</param>
/// <param name="Account">Whose token it shows.</param>
/// <param name="Kinds">What it last asked for; empty where it has not asked since the server's start.</param>
/// <param name="Running">Jobs it holds.</param>
/// <param name="Jobs">Their ids; 100 of them at most.</param>
/// <param name="Offered">How many more jobs it waits for at this moment.</param>
/// <param name="HeardAt">When it last spoke; null where it has not since the server's start.</param>
public sealed record WorkerView(
    string Name, string Account, IReadOnlyList<string> Kinds, int Running, IReadOnlyList<string> Jobs, int Offered,
    DateTimeOffset? HeardAt);

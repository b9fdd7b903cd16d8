using NextUp.Actors.Store;
using NextUp.Storage.Sqlite.Papers;

namespace NextUp.Server.Papers;

/// <summary>Everything of exam papers that the server keeps open, and its endpoints.</summary>
sealed class PaperSlice(SqlitePaperStore store, PaperEndpoints endpoints, SyllabusEndpoints syllabuses, ContractEndpoints contract)
    : IDisposable
{
    public IPaperStore Store => store;

    public void Map(IEndpointRouteBuilder map)
    {
        syllabuses.Map(map);
        endpoints.Map(map);
        contract.Map(map);
    }

    public void Dispose() => store.Dispose();
}

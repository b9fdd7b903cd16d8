using NextUp.Storage.Sql;

namespace NextUp.Storage.Postgres;

/// <summary>Questions are asked once more where the connection is gone.</summary>
static class Stubborn
{
    /// <exception cref="Actors.Store.StoreFailedException">The database cannot be asked, or refuses.</exception>
    public static T Ask<T>(SqlConnection connection, Func<T> question)
    {
        for (var mayTryAgain = true; ; mayTryAgain = false)
        {
            try
            {
                return question();
            }
            catch (SqlException failure) when (failure.IsAway && mayTryAgain)
            {
                // The connection may be from before a restart of the database; a question can be asked again.
                connection.BreakOff();
            }
            catch (SqlException failure)
            {
                connection.BreakOff();
                throw failure.AsFailure(connection.Path, whileCommitting: false);
            }
            catch
            {
                connection.BreakOff();
                throw;
            }
        }
    }
}

using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using NextUp.Actors.Store;
using NextUp.Actors.Users;
using NextUp.Processors.Tables.Profiles;
using NextUp.Processors.Tables.Reading;

namespace NextUp.Processors.Tables.Importing;

/// <summary>What came of planning.</summary>
abstract record PlanAnswer
{
    PlanAnswer() { }

    public sealed record Planned(ImportPlan Plan) : PlanAnswer;

    public sealed record Refused(string Reason) : PlanAnswer;
}

/// <summary>
/// Settles how a file is read: by the profile that is named, by the columns that are given, by what was remembered of files
/// with the same header, else by a profile that is made of the file itself.
/// </summary>
sealed class ImportPlanner(IRecordStore store)
{
    /// <summary>The columns that an error file has behind those of the upload; they are passed over when it comes back.</summary>
    public static readonly IReadOnlyList<string> ErrorColumns = ["import_row", "import_line", "import_error"];

    /// <summary>What an error file's name has at its end.</summary>
    public const string RejectedSuffix = "-rejected";

    /// <param name="wholeFile">Looks at every row to infer types; else at the sample.</param>
    public async Task<PlanAnswer> PlanAsync(
        UserId user, string fileName, ImportOptions given, TableFile file, bool wholeFile, CancellationToken cancellationToken)
    {
        var options = await RecalledAsync(user, given, file);
        TableProfile? profile = null;
        if (options.Profile is { } wanted)
        {
            profile = await FindAsync(user, wanted);
            if (profile is null && given.Profile is null)
                options = given;
            else if (profile is null)
                return new PlanAnswer.Refused($"You have no profile \"{wanted}\". GET /api/v1/tables/profiles lists yours.");
        }

        var table = options.Table?.Trim() ?? profile?.Name ?? TableName(fileName);
        if (options.Columns is { Count: > 0 } columns)
            profile = new TableProfile { Name = table, Columns = columns };
        return profile is null
            ? new PlanAnswer.Planned(Inferred(table, options, file, wholeFile, cancellationToken))
            : OfProfile(table, profile, options, file);
    }

    public async Task<TableProfile?> FindAsync(UserId user, string idOrName)
    {
        var own = await store.ProfilesAsync(user);
        var found = own.FirstOrDefault(one => one.Id.ToString() == idOrName) ?? own.FirstOrDefault(one => one.Name == idOrName);
        return found is null ? null : JsonSerializer.Deserialize(found.Content, ProfileJson.Wire.TableProfile);
    }

    /// <summary>Remembers what was chosen for files with this header.</summary>
    public async Task RememberAsync(UserId user, ImportOptions options, TableShape shape, DateTimeOffset now, int perUserMax)
    {
        if (options.Profile is null && options.Columns is null && options.Mapping is null)
            return;
        var kept = new ImportOptions
        {
            Profile = options.Profile, Columns = options.Columns, Mapping = options.Mapping, Table = options.Table,
            Dates = options.Dates, DecimalMark = options.DecimalMark,
        };
        await store.RememberAsync(user, Mark(shape), JsonSerializer.Serialize(kept, ImportJson.Wire.ImportOptions), now, perUserMax);
    }

    async Task<ImportOptions> RecalledAsync(UserId user, ImportOptions given, TableFile file)
    {
        if (given.Profile is not null || given.Columns is not null || given.Mapping is not null)
            return given;
        if (await store.RecallAsync(user, Mark(file.Shape)) is not { } text)
            return given;
        var kept = JsonSerializer.Deserialize(text, ImportJson.Wire.ImportOptions)!;
        return given with
        {
            Profile = kept.Profile, Columns = kept.Columns, Mapping = kept.Mapping, Table = given.Table ?? kept.Table,
            Dates = given.Dates ?? kept.Dates, DecimalMark = given.DecimalMark ?? kept.DecimalMark,
        };
    }

    static string Mark(TableShape shape) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(
        string.Join('\n', shape.Header.Where(name => !ErrorColumns.Contains(name)).Select(ColumnMapping.Folded)))));

    static string TableName(string fileName)
    {
        var stem = Path.GetFileNameWithoutExtension(fileName).Trim();
        if (stem.EndsWith(RejectedSuffix, StringComparison.Ordinal))
            stem = stem[..^RejectedSuffix.Length];
        stem = string.Concat(stem.Where(letter => !char.IsControl(letter)));
        return stem.Length == 0 ? "table" : stem.Length <= TableProfile.NameLengthMax ? stem : stem[..TableProfile.NameLengthMax];
    }

    static ImportPlan Inferred(
        string table, ImportOptions options, TableFile file, bool wholeFile, CancellationToken cancellationToken)
    {
        var header = file.Shape.Header;
        var types = header.Select(_ => new TypeInference()).ToList();
        if (wholeFile && !file.IsWhole)
            LookAtAll(file, types, cancellationToken);
        else
            foreach (var (_, cells) in file.Sample)
                Take(types, cells);

        var columns = new List<PlannedColumn>();
        var ignored = new List<string>();
        for (var i = 0; i < header.Count; i++)
        {
            var name = header[i];
            var isSaid = options.Mapping?.TryGetValue(name, out name) is true;
            if (name is null || (!isSaid && IsOfErrorFile(header, i)))
                ignored.Add(header[i]);
            else
                columns.Add(new(i, header[i], WithDefaults(types[i].Rule(name), options), "name", 1));
        }

        return Plan(table, options, file.Shape, columns, ignored);
    }

    static void LookAtAll(TableFile file, List<TypeInference> types, CancellationToken cancellationToken)
    {
        using var source = file.NewSource(file.Shape);
        while (source.Read())
        {
            if (source.Row % 1_024 == 0)
                cancellationToken.ThrowIfCancellationRequested();
            if (source.Row >= file.Shape.FirstRow)
                Take(types, source.Cells);
        }
    }

    static void Take(List<TypeInference> types, IReadOnlyList<Cell> cells)
    {
        for (var i = 0; i < Math.Min(types.Count, cells.Count); i++)
            types[i].Take(cells[i]);
    }

    static PlanAnswer OfProfile(string table, TableProfile profile, ImportOptions options, TableFile file)
    {
        var header = file.Shape.Header;
        var mapping = options.Mapping ?? new Dictionary<string, string?>();
        foreach (var (from, to) in mapping)
        {
            if (to is not null && profile.Columns.All(column => column.Name != to))
            {
                return new PlanAnswer.Refused(
                    $"The mapping sends \"{from}\" to \"{to}\", and the profile has no such column. It has "
                    + string.Join(", ", profile.Columns.Take(20).Select(column => $"\"{column.Name}\"")) + ".");
            }
        }

        if (mapping.Where(one => one.Value is not null && header.Contains(one.Key)).GroupBy(one => one.Value)
            .FirstOrDefault(group => group.Count() > 1) is { } twice)
            return new PlanAnswer.Refused($"The mapping sends two columns to \"{twice.Key}\". Leave one of them out.");

        var said = mapping.Where(one => one.Value is not null && header.Contains(one.Key))
            .ToDictionary(one => one.Value!, one => one.Key, StringComparer.Ordinal);
        var open = profile with { Columns = [.. profile.Columns.Where(column => !said.ContainsKey(column.Name))] };
        var free = header.Select((name, i) => mapping.ContainsKey(name) || IsOfErrorFile(header, i) ? "" : name).ToList();
        var proposed = ColumnMapping.Propose(free, open, [.. file.Sample.Select(one => one.Cells)])
            .Where(one => one.Header.Length > 0).ToDictionary(one => one.Rule.Name, StringComparer.Ordinal);
        var columns = profile.Columns.Select(rule => said.TryGetValue(rule.Name, out var name)
            ? new PlannedColumn(IndexOf(header, name), name, WithDefaults(rule, options), "said", 1)
            : proposed.TryGetValue(rule.Name, out var like)
                ? new(like.Index, like.Header, WithDefaults(rule, options), like.Why, like.Likeness)
                : new(null, null, WithDefaults(rule, options), null, 0)).ToList();
        if (columns.Find(one => one.Index is null && (one.Rule.Required || one.Rule.Key) && one.Rule.Default is null) is { } missing)
        {
            return new PlanAnswer.Refused(
                $"The file has no column for \"{missing.Rule.Name}\", which is needed. It has "
                + string.Join(", ", header.Take(20).Select(name => $"\"{name}\"")) + ". Say with mapping which one it is.");
        }

        if (columns.TrueForAll(one => one.Index is null))
            return new PlanAnswer.Refused("No column of the file is one of the profile's. Say with mapping which is which.");
        var used = columns.Select(one => one.Index).ToHashSet();
        var plan = Plan(table, options, file.Shape, columns, [.. header.Where((_, i) => !used.Contains(i))]);
        return new PlanAnswer.Planned(plan with { Profile = profile.Name });
    }

    static ImportPlan Plan(
        string table, ImportOptions options, TableShape shape, List<PlannedColumn> columns, IReadOnlyList<string> ignored) =>
        new(table, options.Mode, options.Duplicates, shape, columns, ignored, options.StopAtErrorPercent);

    static int IndexOf(IReadOnlyList<string> header, string name) => header.ToList().IndexOf(name);

    /// <summary>The last three columns of a file that was made by us.</summary>
    public static bool IsOfErrorFile(IReadOnlyList<string> header, int column) =>
        column >= header.Count - ErrorColumns.Count && header.TakeLast(ErrorColumns.Count).SequenceEqual(ErrorColumns);

    static ColumnRule WithDefaults(ColumnRule rule, ImportOptions options) => rule with
    {
        Dates = rule.Dates ?? options.Dates,
        DecimalMark = rule.DecimalMark ?? options.DecimalMark,
    };
}

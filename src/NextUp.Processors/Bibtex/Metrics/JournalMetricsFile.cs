using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace NextUp.Processors.Bibtex.Metrics;

/// <summary>
/// Reads the operator's table: one row a journal and year, <c>journal,value,year</c>, the journal an ISSN or its title.
/// Commas, semicolons or tabs between, quotes where a title has one of them, UTF-8. A first row whose value and year are no
/// numbers is a heading. A value of <c>N/A</c> or nothing is no figure, and its row is passed over.
/// </summary>
public static partial class JournalMetricsFile
{
    /// <summary>32 MiB.</summary>
    public const int BytesMax = 32 * 1024 * 1024;

    public const int RowsMax = 500_000;

    /// <summary>Faults that are told one by one; of the others, how many there are.</summary>
    public const int FaultsMax = 10;

    /// <summary>The year of the first edition there was of such a table.</summary>
    const int YearMin = 1975;

    const int YearMax = 2100;
    const int ShownMax = 60;

    const string Shape = "a row is journal,value,year, for example 0028-0836,50.5,2024";

    public static JournalMetricsReading Read(string path, string name)
    {
        byte[] bytes;
        try
        {
            var length = new FileInfo(path).Length;
            if (length > BytesMax)
                return Faulty($"the file has {length:N0} bytes; the limit is {BytesMax:N0}. Leave out what is not needed.");
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Faulty($"the file cannot be read ({error.Message}). Name one that is there and may be read.");
        }

        return Read(bytes, name);
    }

    internal static JournalMetricsReading Read(byte[] bytes, string name)
    {
        string text;
        try
        {
            text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return Faulty("the file is not UTF-8. Save it as \"CSV UTF-8\".");
        }

        return new Table(name, text.TrimStart('\uFEFF'), MarkOf(bytes)).Read();
    }

    static int MarkOf(byte[] bytes)
    {
        var mark = new HashCode();
        mark.AddBytes(bytes);
        return mark.ToHashCode();
    }

    static JournalMetricsReading.Faulty Faulty(string fault) => new([fault]);

    sealed class Table(string name, string text, int mark)
    {
        readonly List<(string Journal, JournalMetric Metric)> _rows = [];
        readonly Dictionary<(string Journal, int Year), (int Line, string Value)> _seen = [];
        readonly List<string> _faults = [];
        int _faultCount;

        public JournalMetricsReading Read()
        {
            var count = 0;
            foreach (var (line, fields) in DelimitedRows.Of(text))
            {
                if (++count > RowsMax)
                {
                    Fault(line, $"there are more than {RowsMax:N0} rows. Leave out what is not needed.");
                    break;
                }

                if (fields is null)
                    Fault(line, "a quote is opened and not closed.");
                else if (count > 1 || !IsHeading(fields))
                    Take(line, fields);
            }

            if (count == 0)
                Fault(1, $"the file is empty; {Shape}.");
            if (_faultCount > _faults.Count)
                _faults.Add($"and {_faultCount - _faults.Count:N0} more rows like these.");
            return _faults.Count > 0
                ? new JournalMetricsReading.Faulty(_faults)
                : new JournalMetricsReading.Usable(new(name, _rows, mark));
        }

        static bool IsHeading(IReadOnlyList<string> fields) =>
            fields.Count >= 3 && !fields[1].Any(char.IsDigit) && !fields[2].Any(char.IsDigit) && !IsNothing(fields[1]);

        void Take(int line, IReadOnlyList<string> fields)
        {
            if (fields.Count != 3)
                Fault(line, $"there are {fields.Count} fields, not 3; {Shape}.");
            else if (JournalMetrics.IsWrongIssn(fields[0]))
                Fault(line, $"{fields[0]} is no ISSN: its last digit does not fit the others. Look it up, or write the title.");
            else if (JournalMetrics.KeyOf(fields[0]) is not { } journal)
                Fault(line, $"the journal is \"{Shown(fields[0])}\"; write an ISSN or a title.");
            else if (!IsNothing(fields[1]) && !Figure().IsMatch(fields[1]))
                Fault(line, $"the value is \"{Shown(fields[1])}\"; write a number like 50.5, or N/A.");
            else if (!int.TryParse(fields[2], NumberStyles.None, CultureInfo.InvariantCulture, out var year)
                || year is < YearMin or > YearMax)
                Fault(line, $"the year is \"{Shown(fields[2])}\"; write one from {YearMin} to {YearMax}.");
            else if (!IsNothing(fields[1]))
                Keep(line, fields[0], journal, new(fields[1], year));
        }

        void Keep(int line, string written, string journal, JournalMetric metric)
        {
            if (_seen.TryAdd((journal, metric.Year), (line, metric.Value)))
                _rows.Add((journal, metric));
            else if (_seen[(journal, metric.Year)] is var (first, value) && value != metric.Value)
                Fault(line, $"{Shown(written)} has {metric.Value} for {metric.Year}, and in line {first} {value}. Keep one.");
        }

        void Fault(int line, string sentence)
        {
            if (_faultCount++ < FaultsMax)
                _faults.Add($"line {line}: {sentence}");
        }
    }

    static bool IsNothing(string value) => value.Length == 0 || value.Equals("N/A", StringComparison.OrdinalIgnoreCase);

    static string Shown(string field) => field.Length <= ShownMax ? field : field[..ShownMax] + "...";

    [GeneratedRegex(@"^<?[0-9]{1,4}(\.[0-9]{1,4})?$")]
    private static partial Regex Figure();
}

/// <summary>The answer of <see cref="JournalMetricsFile.Read(string, string)"/>.</summary>
public abstract record JournalMetricsReading
{
    JournalMetricsReading() { }

    public sealed record Usable(JournalMetrics Metrics) : JournalMetricsReading;

    /// <param name="Faults">One sentence each: the line, what is wrong and the way out.</param>
    public sealed record Faulty(IReadOnlyList<string> Faults) : JournalMetricsReading;
}

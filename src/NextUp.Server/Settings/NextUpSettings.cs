using System.Text.Json;
using NextUp.Actors.Queue;

namespace NextUp.Server.Settings;

/// <summary>What <c>nextup.json</c> says; every key may be left out.</summary>
sealed record NextUpSettings
{
    /// <summary>The largest settings file that is read, in bytes.</summary>
    public const int FileBytesMax = 1024 * 1024;

    /// <summary><c>queue.slots</c> and <c>queue.paused</c>.</summary>
    public QueueSettings Queue { get; init; } = new();

    public BibtexSettings Bibtex { get; init; } = new();

    public NoticeSettings Notices { get; init; } = new();

    /// <summary>
    /// Reads the file, or the defaults where <paramref name="file"/> is null and no file of the usual name is there.
    /// Throws <see cref="SettingsException"/> with every fault found.
    /// </summary>
    public static NextUpSettings Load(string? file)
    {
        if (file is null && !File.Exists(ServeOptions.DefaultConfigFile))
            return new();

        var path = Path.GetFullPath(file ?? ServeOptions.DefaultConfigFile);
        try
        {
            if (new FileInfo(path).Length > FileBytesMax)
                throw new SettingsException(
                    path, [$"it is larger than {FileBytesMax} bytes, so it is hardly a settings file."]);

            return Parse(path, File.ReadAllBytes(path));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException(
                path, [$"it cannot be read ({error.Message}). Name another with --config FILE."]);
        }
    }

    /// <param name="path">Only for messages.</param>
    public static NextUpSettings Parse(string path, ReadOnlyMemory<byte> json)
    {
        var faults = new List<string>();
        var options = new JsonDocumentOptions
        {
            AllowTrailingCommas = true,
            CommentHandling = JsonCommentHandling.Skip,
            AllowDuplicateProperties = false,
        };

        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(WithoutMark(json), options);
        }
        catch (JsonException error)
        {
            throw new SettingsException(path, [$"it is not JSON: {error.Message}"]);
        }

        using (document)
        {
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                throw new SettingsException(path, ["the whole must be an object, {...}."]);

            var root = new SettingsSection("", document.RootElement, faults);
            var settings = new NextUpSettings
            {
                Queue = ReadQueue(root.Section("queue")),
                Bibtex = BibtexSettings.Read(root.Section("bibtex")),
                Notices = NoticeSettings.Read(root.Section("notices")),
            };
            root.End();
            return faults.Count == 0 ? settings : throw new SettingsException(path, faults);
        }
    }

    static QueueSettings ReadQueue(SettingsSection section)
    {
        var defaults = new QueueSettings();
        var queue = new QueueSettings
        {
            Slots = section.Int("slots", defaults.Slots, 1, QueueSettings.SlotsMax),
            Paused = section.Bool("paused", defaults.Paused),
        };
        section.End();
        return queue;
    }

    static ReadOnlyMemory<byte> WithoutMark(ReadOnlyMemory<byte> json) =>
        json.Span.StartsWith("\uFEFF"u8) ? json[3..] : json;
}

/// <summary>
/// The settings cannot be used; the message names the file and, a line each, key, value and the way out.
/// </summary>
sealed class SettingsException(string path, IReadOnlyList<string> faults)
    : Exception($"The settings in {path} cannot be used:\n" + string.Join('\n', faults.Select(fault => "  " + fault)))
{
    public IReadOnlyList<string> Faults { get; } = faults;
}

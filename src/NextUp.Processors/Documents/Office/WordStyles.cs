using System.Globalization;
using System.Xml;

namespace NextUp.Processors.Documents.Office;

/// <summary>Which styles of a Word file make headings and list items, also where they inherit it.</summary>
sealed class WordStyles
{
    /// <summary>A style that inherits through more is a circle.</summary>
    const int DepthMax = 20;

    readonly Dictionary<string, Style> styles = new(StringComparer.Ordinal);

    public static WordStyles Read(XmlReader? reader)
    {
        var read = new WordStyles();
        var style = new Style();
        while (reader?.Read() == true)
        {
            if (reader.NodeType != XmlNodeType.Element) continue;
            var value = OfficeXml.Value(reader);
            switch (reader.LocalName)
            {
                case "style":
                    style = new Style();
                    if (OfficeXml.Attribute(reader, "styleId") is { } id) read.styles[id] = style;
                    break;
                case "name":
                    style.Name ??= value;
                    break;
                case "basedOn":
                    style.BasedOn = value;
                    break;
                case "outlineLvl":
                    style.Level = LevelOf(value);
                    break;
                case "numPr":
                    style.IsList = true;
                    break;
            }
        }

        return read;
    }

    /// <summary>The heading's level from 1, or 0 for no heading.</summary>
    public int HeadingLevel(string? id)
    {
        for (var depth = 0; depth < DepthMax && id is not null && styles.TryGetValue(id, out var style); depth++)
        {
            if (style.Level is { } level) return level;
            if (LevelByName(style.Name) is > 0 and var named) return named;
            id = style.BasedOn;
        }

        // Some programs name a style that they do not define.
        return LevelByName(id);
    }

    public bool IsList(string? id)
    {
        for (var depth = 0; depth < DepthMax && id is not null && styles.TryGetValue(id, out var style); depth++)
        {
            if (style.IsList || style.Name?.StartsWith("List ", StringComparison.OrdinalIgnoreCase) == true) return true;
            id = style.BasedOn;
        }

        return false;
    }

    /// <summary>An outline level as it is written, from 0; 9 is body text. From 1, or 0 for body text.</summary>
    public static int? LevelOf(string? value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var level) ? level < 9 ? level + 1 : 0 : null;

    static int LevelByName(string? name)
    {
        var plain = name?.Replace(" ", "", StringComparison.Ordinal) ?? "";
        if (plain.Equals("title", StringComparison.OrdinalIgnoreCase)) return 1;
        return plain.Length == 8 && plain.StartsWith("heading", StringComparison.OrdinalIgnoreCase) && plain[7] is >= '1' and <= '9'
            ? plain[7] - '0' : 0;
    }

    sealed class Style
    {
        public string? Name { get; set; }

        public string? BasedOn { get; set; }

        public int? Level { get; set; }

        public bool IsList { get; set; }
    }
}

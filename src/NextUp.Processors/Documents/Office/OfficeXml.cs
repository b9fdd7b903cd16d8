using System.Text;
using System.Xml;

namespace NextUp.Processors.Documents.Office;

/// <summary>Small steps through Office's XML, whichever of its two namespaces it is written in.</summary>
static class OfficeXml
{
    /// <summary>Goes to the end of the element; the next Read is behind it.</summary>
    public static void Skip(XmlReader reader)
    {
        if (reader.IsEmptyElement) return;
        var depth = reader.Depth;
        while (reader.Read() && reader.Depth > depth) { }
    }

    /// <summary>The text in an element that has nothing else; the reader is left at its end.</summary>
    public static string TextOf(XmlReader reader)
    {
        if (reader.IsEmptyElement) return "";
        var (text, depth) = (new StringBuilder(), reader.Depth);
        while (reader.Read() && reader.Depth > depth)
            if (reader.NodeType is XmlNodeType.Text or XmlNodeType.SignificantWhitespace or XmlNodeType.Whitespace or XmlNodeType.CDATA)
                text.Append(reader.Value);
        return text.ToString();
    }

    /// <summary>The attribute val.</summary>
    public static string? Value(XmlReader reader) => Attribute(reader, "val");

    public static string? Attribute(XmlReader reader, string name)
    {
        if (!reader.HasAttributes) return null;
        string? value = null;
        while (value is null && reader.MoveToNextAttribute())
            if (reader.LocalName == name) value = reader.Value;
        reader.MoveToElement();
        return value;
    }
}

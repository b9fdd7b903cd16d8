using System.IO.Compression;
using System.Text;

namespace NextUp.UnitTests.Tables;

/// <summary>A workbook of one sheet, with no more in it than readers need.</summary>
static class SmallWorkbook
{
    const string Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const string Relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    const string Content = "application/vnd.openxmlformats-officedocument.spreadsheetml";
    const string Package = "http://schemas.openxmlformats.org/package/2006";

    /// <param name="properties">Elements of the workbook that come before its sheets.</param>
    public static byte[] Of(string sheet, string properties = "")
    {
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            Add(zip, "[Content_Types].xml", $"""
                <Types xmlns="{Package}/content-types">
                <Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
                <Override PartName="/xl/workbook.xml" ContentType="{Content}.sheet.main+xml"/>
                <Override PartName="/xl/worksheets/sheet1.xml" ContentType="{Content}.worksheet+xml"/></Types>
                """);
            Add(zip, "_rels/.rels", $"""
                <Relationships xmlns="{Package}/relationships">
                <Relationship Id="rId1" Type="{Relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>
                """);
            Add(zip, "xl/workbook.xml", $"""
                <workbook xmlns="{Main}" xmlns:r="{Relations}">{properties}
                <sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>
                """);
            Add(zip, "xl/_rels/workbook.xml.rels", $"""
                <Relationships xmlns="{Package}/relationships">
                <Relationship Id="rId1" Type="{Relations}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>
                """);
            Add(zip, "xl/worksheets/sheet1.xml", sheet);
        }

        return file.ToArray();
    }

    static void Add(ZipArchive zip, string name, string content)
    {
        using var part = zip.CreateEntry(name).Open();
        part.Write(Encoding.UTF8.GetBytes(content));
    }
}

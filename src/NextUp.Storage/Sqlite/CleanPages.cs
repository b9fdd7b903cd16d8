using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace NextUp.Storage.Sqlite;

/// <summary>Stands before the write of a database's pages, and zeroes what belongs to no row.</summary>
/// <remarks>
/// <para><c>secure_delete</c> zeroes a row that is deleted, where it then lies. Where a row was moved before, as pages were
/// filled and balanced, SQLite may leave a copy in the unused middle of the page that it came from, which nothing ever zeroes
/// (measured: of 2,000 deleted rows, 11). SQLite reads nothing there. The middle lies between the list of the page's cells and
/// the first cell's content; both are in the page's head (sqlite.org/fileformat2.html, "B-tree Pages").</para>
/// <para>It works on the pages that go into the database's own file, when the log is copied: those of the log are summed up by
/// SQLite before they are written. A file's functions are a table that it points to. The file gets a copy of that table, with
/// one function changed and the original behind its end.</para>
/// <para>Whether a page has cells its first byte says: 2, 5, 10 or 13. Other pages begin with the number of a page, four bytes,
/// the highest first, which begins so only in a file of 128 GiB; files above half of that are left alone.</para>
/// </remarks>
static unsafe class CleanPages
{
    const int PageBytes = 4_096;
    const long FileBytesMax = 64L << 30;

    static readonly ConcurrentDictionary<nint, nint> Tables = new();

    // A file grows from half of 128 GiB to all of it by writes that lie between.
    static volatile bool isLarge;

    // Places in the table: its version, then the functions. Versions 1, 2 and 3 have 12, 16 and 18 of them.
    const int Write = 3, FileSize = 6, FunctionsMax = 18, Original = FunctionsMax + 1;

    /// <param name="file">An open database file of SQLite's; its table lives as long as the process.</param>
    public static void Attach(nint file)
    {
        var functions = *(nint**)file;
        var version = *(int*)functions;
        var known = version switch { 1 => 12, 2 => 16, _ => FunctionsMax };
        var own = Tables.GetOrAdd((nint)functions, _ =>
        {
            var table = (nint*)NativeMemory.AllocZeroed(Original + 1, (nuint)sizeof(nint));
            new ReadOnlySpan<nint>(functions, known + 1).CopyTo(new(table, known + 1));
            *(int*)table = Math.Min(version, 3);
            table[Original] = functions[Write];
            table[Write] = (nint)(delegate* unmanaged[Cdecl]<nint, byte*, int, long, int>)&WriteClean;
            return (nint)table;
        });
        long size;
        if (((delegate* unmanaged[Cdecl]<nint, long*, int>)functions[FileSize])(file, &size) != Native.Ok || size > FileBytesMax)
            isLarge = true;
        *(nint*)file = own;
    }


    /// <summary>Zeroes the unused middle of a page of cells. Other pages, and the first, stay as they are.</summary>
    public static void Clean(Span<byte> page)
    {
        var head = page[0] switch { 2 or 5 => 12, 10 or 13 => 8, _ => 0 };
        if (head == 0)
            return;

        var begin = head + (2 * BinaryPrimitives.ReadUInt16BigEndian(page[3..]));
        var end = BinaryPrimitives.ReadUInt16BigEndian(page[5..]);
        if (begin < end && end <= page.Length)
            page[begin..end].Clear();
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    static int WriteClean(nint file, byte* bytes, int count, long offset)
    {
        var functions = *(nint**)file;
        var write = (delegate* unmanaged[Cdecl]<nint, byte*, int, long, int>)functions[Original];
        if (offset > FileBytesMax)
            isLarge = true;
        if (count != PageBytes || offset <= 0 || offset % PageBytes != 0 || isLarge)
            return write(file, bytes, count, offset);

        var page = stackalloc byte[PageBytes];
        new ReadOnlySpan<byte>(bytes, count).CopyTo(new(page, PageBytes));
        Clean(new(page, PageBytes));
        return write(file, page, count, offset);
    }
}

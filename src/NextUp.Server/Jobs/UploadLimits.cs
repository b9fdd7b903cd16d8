namespace NextUp.Server.Jobs;

/// <summary>How much one request may carry. The size of a file is its kind's own limit.</summary>
static class UploadLimits
{
    /// <summary>Files in one request.</summary>
    public const int FilesMax = 100;

    /// <summary>Form fields that are not files in one request.</summary>
    public const int FieldsMax = 400;

    /// <summary>The longest value of a form field, in bytes.</summary>
    public const int FieldBytesMax = 64 * 1024;

    /// <summary>The header lines of one part, in bytes.</summary>
    public const int PartHeadersBytesMax = 16 * 1024;

    /// <summary>Header lines of one part.</summary>
    public const int PartHeadersMax = 16;

    /// <summary>The longest boundary; RFC 2046 allows 70 characters.</summary>
    public const int BoundaryLengthMax = 200;

    /// <summary>
    /// How many bytes of a file past its limit are still read, so that the other files of the request can be answered
    /// for. A file that goes on longer ends the whole request.
    /// </summary>
    public const int OversizeBytesRead = 4 * 1024 * 1024;

    /// <summary>The body of any request that carries no file, in bytes.</summary>
    public const long OtherBodyBytesMax = 1024 * 1024;

    /// <summary>All of one request: every file at its limit, and the fields and part headers around them.</summary>
    public static long RequestBytesMax(long uploadBytesMax) =>
        FilesMax * (uploadBytesMax + PartHeadersBytesMax) + (long)FieldsMax * FieldBytesMax;
}

using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using NextUp.Actors.Jobs;
using NextUp.Actors.Store;
using NextUp.Client.Wire;
using NextUp.Server.Operations;
using NextUp.Server.Users;

namespace NextUp.Server.Jobs;

/// <summary>
/// Takes in a form while it arrives. Each file goes to the file store as it is read, never whole into memory, and is
/// then looked at by its kind. Nothing is submitted before the last byte of the request is there, so an upload that is
/// cut off leaves nothing: what was staged is discarded here, and what a dying process leaves is swept by the file
/// store.
/// </summary>
sealed class UploadReader(IFileStore files, JobKinds kinds)
{
    const string OriginalContentType = "application/octet-stream";

    /// <param name="caller">Some kinds are there for some callers only; null is somebody unknown.</param>
    public async Task<UploadAnswer> ReadAsync(HttpContext context, UploadForm form, Caller? caller = null)
    {
        if (BoundaryOf(context.Request) is not { } boundary)
            return new UploadAnswer.Refused(Problems.NotMultipart());

        var bytesMax = UploadLimits.RequestBytesMax(kinds.UploadBytesMax);
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = bytesMax;

        var uploads = new List<Upload>(1);
        Problem? problem;
        try
        {
            var reader = new MultipartReader(boundary, context.Request.Body)
            {
                HeadersCountLimit = UploadLimits.PartHeadersMax,
                HeadersLengthLimit = UploadLimits.PartHeadersBytesMax,
            };
            var fields = new UploadFields(kinds, form.Kind, caller);
            problem = form.TakesOtherFields ? null : fields.Set(context.Request.Query);
            problem ??= await ReadPartsAsync(reader, form, fields, uploads, context.RequestAborted);
        }
        catch (BadHttpRequestException error) when (error.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            problem = Problems.RequestTooLarge(bytesMax);
        }
        catch (IOException)
        {
            problem = Problems.UploadCutOff();
        }
        catch (InvalidDataException error)
        {
            problem = Problems.InvalidRequest($"The form is malformed: {error.Message}");
        }
        catch
        {
            Discard(uploads);
            throw;
        }

        if (problem is null)
            return new UploadAnswer.Whole(uploads);

        Discard(uploads);
        return new UploadAnswer.Refused(problem);
    }

    /// <summary>For files that no job took.</summary>
    public void Discard(IEnumerable<Upload> uploads)
    {
        foreach (var upload in uploads.OfType<Upload.Fit>())
            files.Discard(upload.File);
    }

    async Task<Problem?> ReadPartsAsync(
        MultipartReader reader, UploadForm form, UploadFields fields, List<Upload> uploads,
        CancellationToken cancellationToken)
    {
        var fieldCount = 0;
        while (await reader.ReadNextSectionAsync(cancellationToken) is { } part)
        {
            if (!ContentDispositionHeaderValue.TryParse(part.ContentDisposition, out var disposition))
                return Problems.InvalidRequest("A part of the form has no usable Content-Disposition.");

            var name = HeaderUtilities.RemoveQuotes(disposition.Name).ToString();
            var isFile = disposition.FileName.Length > 2 || disposition.FileNameStar.Length > 0;
            Problem? problem;
            if (isFile && form.FileFields.Contains(name))
            {
                if (uploads.Count == form.FilesMax)
                    return Problems.TooManyFiles(form.FilesMax);

                problem = await TakeFileAsync(part, NameOf(disposition), fields, uploads, cancellationToken);
            }
            else if (++fieldCount > UploadLimits.FieldsMax)
            {
                return Problems.InvalidRequest($"A form may have {UploadLimits.FieldsMax} fields beside its files.");
            }
            else if (form.FileFields.Contains(name) || (form.TakesOtherFields && !UploadFields.IsKnown(name)))
            {
                problem = null; // A file field where nothing was chosen, or a field of another program's own.
            }
            else
            {
                problem = await TakeFieldAsync(part, name, fields, cancellationToken);
            }

            if (problem is not null)
                return problem;
        }

        return uploads.Count == 0 ? Problems.NoFile(form.FileFields[0]) : null;
    }

    /// <summary>Stages the file and has it looked at. A problem is one of the whole request.</summary>
    async Task<Problem?> TakeFileAsync(
        MultipartSection part, string fileName, UploadFields fields, List<Upload> uploads,
        CancellationToken cancellationToken)
    {
        if (fields.Kind is not { } kind)
            return Problems.UnknownKind(JobKinds.Default.Value, kinds.Names);

        StagedFile staged;
        try
        {
            staged = await files.StageAsync(
                FileRole.Original, fileName, OriginalContentType, part.Body, kinds.PolicyOf(kind).UploadBytesMax,
                cancellationToken);
        }
        catch (FileTooLargeException error)
        {
            var tooLarge = Problems.UploadTooLarge(fileName, error.BytesMax);
            uploads.Add(new Upload.Refused(fileName, tooLarge));
            return await EndsSoonAsync(part.Body, cancellationToken) ? null : tooLarge;
        }

        // It counts from here on: whatever is thrown below, the caller discards it.
        var upload = new Upload.Fit(fileName, kind, staged, fields.WhenBusy, fields.Options)
        {
            Priority = fields.Priority,
            NotBefore = fields.NotBefore,
        };
        uploads.Add(upload);
        using var content = files.Open(staged);
        if (await kind.Processor.CheckAsync(fileName, content, cancellationToken) is UploadVerdict.Unfit unfit)
        {
            uploads[^1] = new Upload.Refused(fileName, Problems.UnfitUpload(unfit.Reason));
            files.Discard(staged);
        }

        return null;
    }

    static async Task<Problem?> TakeFieldAsync(
        MultipartSection part, string name, UploadFields fields, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(UploadLimits.FieldBytesMax + 1);
        try
        {
            var length = await part.Body.ReadAtLeastAsync(
                buffer.AsMemory(0, UploadLimits.FieldBytesMax + 1), UploadLimits.FieldBytesMax + 1,
                throwOnEndOfStream: false, cancellationToken);
            return length > UploadLimits.FieldBytesMax
                ? Problems.InvalidRequest($"The field \"{name}\" is longer than {UploadLimits.FieldBytesMax} bytes.")
                : fields.Set(name, Encoding.UTF8.GetString(buffer, 0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Reads on past a file that is too large; true where it ended within a bearable distance.</summary>
    static async Task<bool> EndsSoonAsync(Stream body, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(32 * 1024);
        try
        {
            for (var past = 0; past <= UploadLimits.OversizeBytesRead;)
            {
                var read = await body.ReadAsync(buffer, cancellationToken);
                if (read == 0)
                    return true;
                past += read;
            }

            return false;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>
    /// The file's name. Browsers write a quote as %22 and line ends as %0D and %0A (the HTML standard), some programs
    /// write quoted pairs, others add an exact name by RFC 5987; all of them come out as the person saw it.
    /// </summary>
    public static string NameOf(ContentDispositionHeaderValue disposition)
    {
        var name = disposition.FileNameStar;
        if (StringSegment.IsNullOrEmpty(name))
        {
            name = HeaderUtilities.UnescapeAsQuotedString(disposition.FileName);
            if (name.IndexOf('%') >= 0)
            {
                name = name.ToString()
                    .Replace("%22", "\"", StringComparison.Ordinal)
                    .Replace("%0D", " ", StringComparison.OrdinalIgnoreCase)
                    .Replace("%0A", " ", StringComparison.OrdinalIgnoreCase);
            }
        }

        return FileNames.Clean(name.ToString());
    }

    public static string? BoundaryOf(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase))
            return null;

        var boundary = HeaderUtilities.RemoveQuotes(type.Boundary);
        return boundary.Length is > 0 and <= UploadLimits.BoundaryLengthMax ? boundary.ToString() : null;
    }
}

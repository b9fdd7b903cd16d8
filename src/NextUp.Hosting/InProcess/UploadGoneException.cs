namespace NextUp.Hosting.InProcess;

/// <summary>The job's upload was deleted, so no attempt can do its work.</summary>
sealed class UploadGoneException() : Exception("The upload of this job was deleted. Upload the file again.");

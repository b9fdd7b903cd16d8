namespace NextUp.Bench;

/// <summary>Arguments of the form <c>name=value</c>.</summary>
static class Arguments
{
    public static int Int(string[] arguments, string name, int otherwise)
    {
        var given = arguments.FirstOrDefault(argument => argument.StartsWith(name + "=", StringComparison.Ordinal));
        return given is null ? otherwise : int.Parse(given[(name.Length + 1)..]);
    }

    /// <summary>Throws with <paramref name="help"/> where it is not given.</summary>
    public static string Text(string[] arguments, string name, string help) =>
        Text(arguments, name) ?? throw new ArgumentException(help);

    /// <summary>Null where it is not given.</summary>
    public static string? Text(string[] arguments, string name) =>
        arguments.FirstOrDefault(argument => argument.StartsWith(name + "=", StringComparison.Ordinal))?[(name.Length + 1)..];
}

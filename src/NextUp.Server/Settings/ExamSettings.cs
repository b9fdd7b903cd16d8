using NextUp.Processors.Exams.Asking;

namespace NextUp.Server.Settings;

/// <summary>The section <c>exams</c>: the model that is asked about papers whose checks fail.</summary>
sealed record ExamSettings
{
    const int TextLengthMax = 1_000;
    const int WindowFloor = 2;
    const int WindowCeiling = 50;
    const int TriesCeiling = 20;
    const int AnswerTokensFloor = 500;
    const int AnswerTokensCeiling = 200_000;
    const double PriceCeiling = 100_000;

    static readonly TimeSpan TimeoutFloor = TimeSpan.FromSeconds(1);
    static readonly TimeSpan TimeoutCeiling = TimeSpan.FromMinutes(30);
    static readonly TimeSpan RetryAfterCeiling = TimeSpan.FromMinutes(30);

    public ModelOptions Model { get; init; } = new();

    public static ExamSettings Read(SettingsSection section)
    {
        var model = section.Section("model", "A model behind an OpenAI-compatible endpoint; without one the rules alone read papers.");
        var defaults = new ModelOptions();
        return new()
        {
            Model = defaults with
            {
                Endpoint = model.AddressOrNone(
                    "endpoint", "The address up to and with the version, such as http://127.0.0.1:11434/v1; none asks no model."),
                Model = model.Text("name", defaults.Model, TextLengthMax, "The model's name, as the endpoint knows it."),
                ApiKey = model.Secret("apiKey", TextLengthMax, "Sent to the endpoint alone as a bearer token, never printed."),
                WindowPages = model.Int(
                    "windowPages", defaults.WindowPages, WindowFloor, WindowCeiling,
                    "Pages of one request. More sees more at once; fewer makes shorter answers, which are cut off less often."),
                Timeout = model.Duration(
                    "timeout", defaults.Timeout, TimeoutFloor, TimeoutCeiling,
                    "How long one request may take before it is tried again."),
                TriesMax = model.Int(
                    "triesMax", defaults.TriesMax, 1, TriesCeiling,
                    "Tries of one request while the endpoint is busy or away; then the rules' reading is kept, and that is told."),
                RetryAfterMax = model.Duration(
                    "retryAfterMax", defaults.RetryAfterMax, TimeSpan.Zero, RetryAfterCeiling,
                    "The longest wait that the endpoint may ask for; a longer one counts as being away."),
                AnswerTokensMax = model.Int(
                    "answerTokensMax", defaults.AnswerTokensMax, AnswerTokensFloor, AnswerTokensCeiling, "Tokens of one answer."),
                InputPrice = Price(model, "inputPrice", "What a million tokens of questions cost; none counts no cost."),
                OutputPrice = Price(model, "outputPrice", "What a million tokens of answers cost; none counts no cost."),
            },
        };
    }

    static decimal? Price(SettingsSection section, string key, string description) =>
        (decimal?)section.NumberOrNone(key, null, 0, PriceCeiling, description);
}

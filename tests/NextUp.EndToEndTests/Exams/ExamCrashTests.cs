using NextUp.Client.Wire;
using NextUp.EndToEndTests.Setup;
using NextUp.UnitTests.Exams;
using NextUp.UnitTests.Exams.Papers;

namespace NextUp.EndToEndTests.Exams;

/// <summary>A server that dies while a model reads a paper: what the model has said is not paid for again.</summary>
public sealed class ExamCrashTests
{
    [Fact]
    public async Task After_kill_9_the_reading_goes_on_behind_the_last_answer_that_was_paid_for()
    {
        var reached = new TaskCompletionSource();
        await using var stub = new ModelStub();
        stub.ThenSays(WrongTotal.Beginnings).ThenSays(WrongTotal.Beginnings).Then(async (_, _) =>
        {
            reached.SetResult();
            await Task.CompletedTask; // It never answers: the server dies while it waits.
        });
        var settings = $$$$"""
            {"queue":{"slots":2},"bibtex":{"providers":["catalogue"]},
             "exams":{"model":{"endpoint":"{{{{stub.Endpoint}}}}","name":"stand-in","windowPages":2,"triesMax":1}}}
            """;
        var first = await ServerProcess.StartAsync(settings);
        string job;
        using (var administrator = first.Administrator())
        {
            job = (await administrator.SubmitPaperAsync(WrongTotal.Pdf(4), fields: ("id", "crashed"))).Id;
            await reached.Task.WaitAsync(TimeSpan.FromSeconds(60));
        }

        await first.KillAsync();
        stub.ThenSays(WrongTotal.Beginnings);
        await using var second = await ServerProcess.StartAsync(settings, first.Folder);
        using var again = second.Administrator();
        var done = await again.FinishedAsync(job);

        Assert.True(done.State == JobStateNames.Completed, done.Error);
        Assert.Equal(4, stub.Asked.Count);
        var shown = stub.Asked.Select(asked => (string)asked["messages"]![1]!["content"]!).ToList();
        Assert.Equal(3, shown.Distinct().Count());
        Assert.Equal(shown[2], shown[3]);
        var paper = await again.PaperAsync("crashed");
        Assert.Equal((3, 3_000), (paper.Paper.Usage!.Requests, paper.Paper.Usage.InputTokens));
        Assert.Equal(4, paper.Pictures);
        await first.DisposeAsync();
    }
}

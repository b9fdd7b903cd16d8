using System.Net;
using System.Text.Json;
using NextUp.Client.Estimates;
using NextUp.Client.Wire;
using NextUp.EndToEndTests.Setup;

namespace NextUp.EndToEndTests.Api;

public sealed class EstimateTests
{
    [Fact]
    public async Task Who_gets_no_estimate_is_told_why()
    {
        await using var server = await ServerProcess.StartAsync(ServerProcess.Paused);
        using var ada = server.Account("ada");

        var job = await ada.SubmittedAsync();

        Assert.Null(job.Estimate);
        Assert.Equal(EstimateUnknownNames.Paused, job.EstimateUnknown);
    }

    [Fact]
    public async Task How_the_estimates_fare_is_for_operators_alone()
    {
        await using var server = await ServerProcess.StartAsync(ServerProcess.Paused);
        using var ada = server.Account("ada");
        using var operate = server.Operator("olga");

        using var refused = await ada.GetAsync("/api/v1/operations/estimates");
        var json = await operate.GetStringAsync("/api/v1/operations/estimates");

        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        var view = JsonSerializer.Deserialize(json, EstimatesJson.Default.EstimatesView)!;
        Assert.Equal((0.9, 10), (view.P90Meant, view.ErrorFloorSeconds));
        Assert.All(view.Kinds, kind => Assert.Equal(0, kind.AtSubmission.Count));
    }
}

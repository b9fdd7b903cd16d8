using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using NextUp.Server;
using NextUp.Server.Settings;

namespace NextUp.UnitTests.Tidy.Deploy;

/// <summary>The image, what compose makes of it, and the manifests for Kubernetes hold together.</summary>
public sealed class ContainerTests
{
    static readonly string[] Instructions =
        ["FROM", "ARG", "WORKDIR", "COPY", "RUN", "ENV", "USER", "VOLUME", "EXPOSE", "HEALTHCHECK", "ENTRYPOINT", "CMD"];

    static string DataFolder => DeployFolder.ImageVariables["NEXTUP__server__dataFolder"];

    static IEnumerable<(string Word, string Said)> LastStage =>
        DeployFolder.Dockerfile.Skip(DeployFolder.Dockerfile.ToList().FindLastIndex(line => line.Word == "FROM"));

    [Fact]
    public void The_image_is_built_of_what_is_here_and_runs_as_nobody_in_particular()
    {
        Assert.All(DeployFolder.Dockerfile, line => Assert.Contains(line.Word, Instructions));
        Assert.Equal(2, DeployFolder.Dockerfile.Count(line => line.Word == "FROM"));
        var copied = DeployFolder.Dockerfile.Where(line => line.Word == "COPY" && !line.Said.StartsWith("--from", StringComparison.Ordinal))
            .SelectMany(line => line.Said.Split(' ')[..^1]).ToList();
        Assert.All(copied, path => Assert.True(SourceTree.Has(path), $"The image copies {path}, which is not there."));
        var let = SourceTree.Read(".dockerignore").Lines.Where(line => line.Text.StartsWith('!')).Select(line => line.Text[1..]).ToList();
        Assert.All(copied, path => Assert.Contains(let, one => one == path || one.StartsWith(path, StringComparison.Ordinal)));
        var built = SourceTree.Projects.Where(project => project.Path.StartsWith("src/", StringComparison.Ordinal));
        Assert.All(built, project => Assert.StartsWith("src/NextUp.", project.Path, StringComparison.Ordinal));

        Assert.Equal("$APP_UID", Assert.Single(LastStage, line => line.Word == "USER").Said);
        Assert.Equal("[\"nextup\"]", Assert.Single(LastStage, line => line.Word == "ENTRYPOINT").Said);
        Assert.DoesNotContain(LastStage, line => Regex.IsMatch(line.Said, @"\b(curl|wget|sudo)\b"));
        Assert.Equal(DataFolder, Assert.Single(LastStage, line => line.Word == "VOLUME").Said);
    }

    [Theory]
    [InlineData("compose/one.yaml")]
    [InlineData("compose/many.yaml")]
    public void A_server_of_compose_has_settings_that_it_takes_and_a_volume_and_may_write_nothing_else(string file)
    {
        var compose = DeployFolder.Document(file);
        foreach (var name in DeployFolder.ServerNames(compose))
        {
            var server = compose["services"]![name]!;
            Settings(server["environment"]!.AsObject().ToDictionary(one => one.Key, one => $"{one.Value}"), null);
            var volume = Assert.Single(server.All("volumes")).TextOf().Split(':');
            Assert.Equal("/data", volume[1]);
            Assert.True(compose["volumes"]!.AsObject().ContainsKey(volume[0]));
            Assert.Equal("true", server.TextAt("read_only"));
            Assert.Equal("/tmp", server.TextAt("tmpfs/0"));
            Assert.Equal("ALL", server.TextAt("cap_drop/0"));
            Assert.True(SourceTree.Has(server.TextAt("build/dockerfile")!));
        }

        Assert.All(compose["services"]!.AsObject(), service => Assert.All(
            service.Value.All("volumes").Select(volume => volume.TextOf().Split(':')[0]).Where(path => path.StartsWith('.')),
            path => Assert.True(DeployFolder.Has($"compose/{path}"), $"{file} mounts {path}, which is not there.")));
    }

    [Fact]
    public void Each_of_several_servers_has_a_volume_of_its_own_and_believes_the_proxy_alone()
    {
        var compose = DeployFolder.Document("compose/many.yaml");
        var servers = DeployFolder.Servers(compose).ToList();
        Assert.Equal(3, servers.Select(server => server.TextAt("volumes/0")).Distinct().Count());

        var proxy = IPAddress.Parse(compose.TextAt("services/proxy/networks/inside/ipv4_address")!);
        Assert.True(IPNetwork.Parse(compose.TextAt("networks/inside/ipam/config/0/subnet")!).Contains(proxy));
        Assert.All(servers, server => Assert.Equal($"[\"{proxy}\"]", server.TextAt("environment/NEXTUP__server__proxies")));

        // In a cluster each is reached by the others where it says it is, which is where it is.
        Assert.All(servers, server =>
        {
            var address = server.TextAt("networks/inside/ipv4_address");
            Assert.Equal(address, server.TextAt("environment/NEXTUP__cluster__address"));
            Assert.Equal($"http://{address}:8080", server.TextAt("environment/NEXTUP__cluster__url"));
        });
        Assert.Equal(3, servers.Select(server => server.TextAt("networks/inside/ipv4_address")).Distinct().Count());
    }

    [Fact]
    public async Task The_proxy_and_the_probes_ask_what_the_server_answers()
    {
        var mapped = await MappedEndpoints.ReadAsync();
        var container = DeployFolder.Document("kubernetes/base/servers.yaml").At("spec/template/spec/containers/0");
        string[] asked =
        [
            Regex.Match(DeployFolder.Text("compose/Caddyfile"), @"health_uri (\S+)").Groups[1].Value,
            .. new[] { "startupProbe", "livenessProbe", "readinessProbe" }.Select(probe => container.TextAt($"{probe}/httpGet/path")!),
        ];

        Assert.Equal(["/health/ready", "/health/live", "/health/live", "/health/ready"], asked);
        Assert.All(asked, path => Assert.Contains($"GET {path}", mapped));
        Assert.Contains("respond /metrics 404", DeployFolder.Text("compose/Caddyfile"), StringComparison.Ordinal);
        Assert.Contains("GET /metrics", mapped);
    }

    [Fact]
    public void The_manifests_settings_are_taken_and_what_they_name_is_among_them()
    {
        var servers = DeployFolder.Document("kubernetes/base/servers.yaml");
        var pod = servers.At("spec/template/spec");
        var container = pod.At("containers/0");
        var variables = container.All("env").ToDictionary(one => one.TextAt("name")!, _ => "Host=db");
        Settings(variables, DeployFolder.Text("kubernetes/base/nextup.json"));

        var secret = DeployFolder.Document("kubernetes/secret.example.yaml");
        Assert.Equal(secret.TextAt("metadata/name"), container.TextAt("env/0/valueFrom/secretKeyRef/name"));
        Assert.NotNull(secret.TextAt($"stringData/{container.TextAt("env/0/valueFrom/secretKeyRef/key")}"));
        var generated = DeployFolder.Document("kubernetes/base/kustomization.yaml").At("configMapGenerator/0");
        Assert.Equal(generated.TextAt("name"), pod.TextAt("volumes/0/configMap/name"));
        Assert.Equal(ServeOptions.DefaultConfigFile, generated.TextAt("files/0"));

        string[] mounted = [.. container.All("volumeMounts").Select(mount => mount.TextAt("name")!)];
        string[] volumes =
            [servers.TextAt("spec/volumeClaimTemplates/0/metadata/name")!, .. pod.All("volumes").Select(one => one.TextAt("name")!)];
        Assert.Equal(volumes, mounted);
        Assert.Contains(DataFolder, container.All("volumeMounts").Select(one => one.TextAt("mountPath")));
        Assert.Equal(container.TextAt("volumeMounts/1/mountPath"), Assert.Single(LastStage, line => line.Word == "WORKDIR").Said);
        Assert.Equal("True", pod.TextAt("securityContext/runAsNonRoot"), ignoreCase: true);
        Assert.Equal("True", container.TextAt("securityContext/readOnlyRootFilesystem"), ignoreCase: true);
    }

    [Fact]
    public void Services_the_ingress_the_network_policy_and_the_budget_mean_the_servers()
    {
        var servers = DeployFolder.Document("kubernetes/base/servers.yaml");
        var labels = servers.At("spec/template/metadata/labels")!.ToJsonString();
        var services = DeployFolder.Documents("kubernetes/base/services.yaml");
        Assert.All(services, service => Assert.Equal(labels, service.At("spec/selector")!.ToJsonString()));
        Assert.Contains(servers.TextAt("spec/serviceName"), services.Select(service => service.TextAt("metadata/name")));
        Assert.All(services, service => Assert.Equal(
            servers.TextAt("spec/template/spec/containers/0/ports/0/name"), service.TextAt("spec/ports/0/targetPort")));
        var backend = DeployFolder.Document("kubernetes/base/ingress.yaml").At("spec/rules/0/http/paths/0/backend/service");
        Assert.Equal(services[0].TextAt("metadata/name"), backend.TextAt("name"));
        Assert.Equal(services[0].TextAt("spec/ports/0/name"), backend.TextAt("port/name"));
        Assert.Equal(labels, DeployFolder.Document("kubernetes/base/network.yaml").At("spec/podSelector/matchLabels")!.ToJsonString());
    }

    [Fact]
    public void Pods_of_a_cluster_find_each_other_and_go_one_after_the_other()
    {
        var labels = DeployFolder.Document("kubernetes/base/servers.yaml").At("spec/template/metadata/labels")!.ToJsonString();
        var patch = DeployFolder.Document("kubernetes/cluster/servers.patch.yaml");
        var container = patch.At("spec/template/spec/containers/0");
        Assert.Equal("RollingUpdate", patch.TextAt("spec/updateStrategy/type"));
        Assert.Equal($"{new ClusterSettings().SiloPort}", container.TextAt("ports/0/containerPort"));
        Assert.Equal("status.podIP", container.TextAt("env/1/valueFrom/fieldRef/fieldPath"));
        Assert.Equal($"http://$({container.TextAt("env/1/name")}):8080", container.TextAt("env/2/value"));
        var longer = int.Parse(container.TextAt("lifecycle/preStop/exec/command/1")!);
        var alone = DeployFolder.Document("kubernetes/base/servers.yaml").TextAt("spec/template/spec/terminationGracePeriodSeconds")!;
        Assert.Equal($"{int.Parse(alone) + longer}", patch.TextAt("spec/template/spec/terminationGracePeriodSeconds"));

        var budget = DeployFolder.Document("kubernetes/cluster/budget.yaml");
        Assert.Equal("1", budget.TextAt("spec/maxUnavailable"));
        Assert.Equal(labels, budget.At("spec/selector/matchLabels")!.ToJsonString());
        var policy = DeployFolder.Document("kubernetes/cluster/silos.yaml");
        string[] among = ["spec/podSelector", "spec/ingress/0/from/0/podSelector", "spec/egress/0/to/0/podSelector"];
        Assert.All(among, path => Assert.Equal(labels, policy.At($"{path}/matchLabels")!.ToJsonString()));
        Assert.Equal(container.TextAt("ports/0/name"), policy.TextAt("spec/ingress/0/ports/0/port"));
    }

    [Fact]
    public void Each_manifest_is_in_the_kustomization_of_its_folder()
    {
        foreach (var kustomization in DeployFolder.Files.Where(file => Path.GetFileName(file) == "kustomization.yaml"))
        {
            var folder = Path.GetDirectoryName(kustomization)!;
            var document = DeployFolder.Document(kustomization);
            var named = document.All("resources").Select(one => one.TextOf())
                .Concat(document.All("patches").Select(one => one.TextAt("path")).OfType<string>()).ToList();
            Assert.All(named, path => Assert.True(DeployFolder.Has($"{folder}/{path}"), $"{kustomization} names {path}."));
            var there = DeployFolder.Files.Where(file => Path.GetDirectoryName(file) == folder && file != kustomization
                && file.EndsWith(".yaml", StringComparison.Ordinal)).Select(file => Path.GetFileName(file));
            Assert.All(there, file => Assert.Contains(file, named));
        }
    }

    /// <summary>As the program reads them in a container of the image; what only a person can know is made up.</summary>
    static void Settings(Dictionary<string, string> own, string? file)
    {
        var all = new Dictionary<string, string>(own.ToDictionary(
            one => one.Key, one => Regex.Replace(one.Value, @"\$\{\w+(?::-(?<default>[^}]*)|:\?|:\+[^}]*)\}", "${default}")));
        foreach (var (name, value) in DeployFolder.ImageVariables.Where(one => one.Key.StartsWith("NEXTUP__", StringComparison.Ordinal)))
            all.TryAdd(name, value);
        using var folder = new Server.TemporaryFolder();
        var path = Path.Combine(folder.Path, "nextup.json");
        File.WriteAllText(path, file ?? "{}");
        var settings = NextUpSettings.Load(SettingsSources.Of(new ServeOptions(null, null, path) { Variables = all }));
        Assert.Equal("/data", settings.Server.DataFolder);
    }
}

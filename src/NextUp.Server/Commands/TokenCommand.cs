using System.CommandLine;
using NextUp.Server.Commands.Connections;
using NextUp.Server.Users;

namespace NextUp.Server.Commands;

/// <summary><c>token --user NAME</c>: works on the data folder, whether a server runs on it or not.</summary>
sealed class TokenCommand : Command
{
    readonly Surroundings _surroundings;
    readonly ServerOptions _server;
    readonly Option<string?> _data = DataFolder.NewOption();

    readonly Option<string> _user = new("--user")
    {
        Description = "The account's name. An account exists as soon as somebody has a token for it.",
        HelpName = "NAME",
        Required = true,
    };

    readonly Option<string> _role = new("--role")
    {
        Description = "What the account may do: user (the default), operator, administrator; or worker, which only works.",
        HelpName = "ROLE",
    };

    readonly Option<bool> _admin = new("--admin") { Description = "The same as --role administrator." };

    readonly Option<int> _days = new("--days")
    {
        Description = $"How many days the token is good for, 1 to {TokenIssuer.LifetimeMax.TotalDays:0}.",
        HelpName = "N",
        DefaultValueFactory = _ => (int)TokenIssuer.DefaultLifetime.TotalDays,
    };

    public TokenCommand(Surroundings surroundings, ServerOptions server)
        : base("token", "Make a bearer token for an account. Standard output carries the token alone.")
    {
        _surroundings = surroundings;
        _server = server;
        _days.Validators.Add(given =>
        {
            var days = given.GetValueOrDefault<int>();
            if (days < 1 || days > TokenIssuer.LifetimeMax.TotalDays)
                given.AddError($"--days takes a number from 1 to {TokenIssuer.LifetimeMax.TotalDays:0}.");
        });
        _role.AcceptOnlyFromAmong([.. Roles.Names]);
        Validators.Add(given =>
        {
            if (given.GetValue(_admin) && given.GetValue(_role) is not (null or "administrator"))
                given.AddError("--admin and another --role contradict each other: leave one out.");
        });
        Options.Add(_user);
        Options.Add(_role);
        Options.Add(_admin);
        Options.Add(_days);
        Options.Add(_data);
        SetAction(Run);
    }

    int Run(ParseResult command)
    {
        var screen = _server.ScreenFor(command);
        var user = command.GetRequiredValue(_user);
        var role = command.GetValue(_admin) ? Role.Administrator : Roles.Parse(command.GetValue(_role)) ?? Role.User;
        var life = TimeSpan.FromDays(command.GetValue(_days));
        var folder = DataFolder.Existing(command.GetValue(_data), _surroundings);
        string token;
        try
        {
            token = new TokenIssuer(folder, _surroundings.Clock).Issue(user, role, life);
        }
        catch (ArgumentException wrong)
        {
            throw new UsageException($"--user: {wrong.Message}");
        }

        var expires = _surroundings.Clock.GetUtcNow() + life;
        screen.Json(
            new(user, role.Name(), role == Role.Administrator, expires, token), AnswerJson.Answers.TokenAnswer);
        if (!screen.IsJson)
        {
            _surroundings.Out.WriteLine(token);
            screen.Complain(
                $"For {user}{Roles.Apposition(role.Name())}, until {JobTable.Time(expires)}. "
                + $"Give it with --token, or in the variable {ServerOptions.TokenVariable}.");
        }

        return ExitCode.Ok;
    }
}

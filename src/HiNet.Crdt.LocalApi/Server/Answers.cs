using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using HiNet.Crdt.LocalApi.Contract;
using Microsoft.AspNetCore.Http;

namespace HiNet.Crdt.LocalApi.Server;

/// <summary>How answers and problems are written, and bodies read.</summary>
internal static class Answers
{
    public static Task JsonAsync<T>(HttpContext context, T value, JsonTypeInfo<T> type) =>
        context.Response.WriteAsJsonAsync(value, type, contentType: "application/json", cancellationToken: context.RequestAborted);

    public static Task ProblemAsync(HttpContext context, int status, string sentence)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(
            new Problem(sentence, status), LocalApiJson.Shared.Problem, contentType: "application/problem+json", cancellationToken: context.RequestAborted);
    }

    /// <summary>Reads a JSON body of the bounded size.</summary>
    /// <exception cref="LocalApiException">It is missing or malformed.</exception>
    public static async Task<T> BodyAsync<T>(HttpContext context, JsonTypeInfo<T> type)
    {
        try
        {
            return await JsonSerializer.DeserializeAsync(context.Request.Body, type, context.RequestAborted).ConfigureAwait(false)
                ?? throw new LocalApiException(400, "The request needs a JSON object as its body.");
        }
        catch (JsonException e)
        {
            throw new LocalApiException(400, $"The request's body is not the JSON expected here: {e.Message}", e);
        }
    }

    /// <summary>A part of the path. A slash in it is the one thing that the server leaves escaped.</summary>
    public static string Route(HttpContext context, string name) =>
        ((string)context.Request.RouteValues[name]!).Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);

    public static string? Query(HttpContext context, string name) =>
        context.Request.Query.TryGetValue(name, out var values) ? values.ToString() : null;

    /// <summary>What a member of a request that must be there is, or the problem that it is not.</summary>
    public static string Required(string? value, string name) =>
        value ?? throw new LocalApiException(400, $"The request's body needs '{name}'.");
}

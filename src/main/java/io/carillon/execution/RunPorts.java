package io.carillon.execution;

/** What is done with single executions: by people, and by targets that carry a token. */
public record RunPorts(Runs runs, ProgressReports progress, CallTokens tokens) {}

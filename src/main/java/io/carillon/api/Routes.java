package io.carillon.api;

import io.carillon.api.adapter.Adapters;
import io.carillon.api.http.Definitions;
import io.carillon.api.http.Route;
import io.carillon.spec.JobReader;
import io.carillon.spec.TaskReader;
import java.util.ArrayList;
import java.util.List;

/** Every call there is. */
final class Routes {
  private Routes() {}

  static List<Route> of(ApiPorts ports) {
    JobReader reader =
        new JobReader(ports.rules(), ports.calendars(), ports.tasks(), ports.clock());
    Definitions definitions = new Definitions(reader, ports.scheduler(), ports.jobs());
    JobViews views = new JobViews(reader, new LinkWarnings(ports.jobs(), ports.tasks()));
    List<Route> routes = new ArrayList<>();
    routes.addAll(new HealthCalls(ports.health(), ports.metrics()).routes());
    routes.addAll(new DocsCalls().routes());
    JobCalls jobs = new JobCalls(definitions, views, ports.scheduler(), ports.jobs());
    routes.addAll(jobs.routes());
    routes.addAll(new BatchCall(reader, ports.scheduler()).routes());
    routes.addAll(new BackfillCall(ports.scheduler(), ports.clock()).routes());
    routes.addAll(new ManyJobsCalls(ports.scheduler(), ports.jobs(), ports.clock()).routes());
    routes.addAll(new QueueCalls(ports.queues(), ports.clock()).routes());
    routes.addAll(new BreakerCalls(ports.breakers(), ports.rules()).routes());
    Reruns reruns = new Reruns(ports.jobs(), ports.tasks(), ports.rules());
    routes.addAll(
        new ActCalls(ports.scheduler(), views, ports.rules(), reruns, ports.clock()).routes());
    routes.addAll(new TaskCalls(new TaskReader(ports.rules()), ports.tasks()).routes());
    routes.addAll(new SecretCalls(ports.secrets()).routes());
    routes.addAll(new NextCall(ports.jobs(), reader, ports.clock()).routes());
    routes.addAll(new PreviewCall(reader, ports.clock()).routes());
    routes.addAll(new CalendarCalls(ports.calendars(), ports.clock()).routes());
    routes.addAll(new LedgerCall(ports.ledgers(), ports.clock()).routes());
    routes.addAll(new RunCalls(ports.runs(), ports.clock()).routes());
    routes.addAll(new ExecutionCalls(ports.executions(), ports.followed(), ports.jobs()).routes());
    routes.addAll(
        new DeadLetterCalls(
                ports.letters(), ports.redrives(), ports.executions(), ports.jobs(), views)
            .routes());
    routes.addAll(
        Adapters.routes(
            definitions,
            jobs::create,
            ports.jobs(),
            ports.executions(),
            ports.tasks(),
            ports.clock()));
    return List.copyOf(routes);
  }
}

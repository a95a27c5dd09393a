package io.carillon.api.adapter;

import io.carillon.api.http.Call;
import io.carillon.api.http.Definitions;
import io.carillon.api.http.Route;
import io.carillon.execution.Executions;
import io.carillon.job.Jobs;
import io.carillon.job.Tasks;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** All calls of the source documents. */
public final class Adapters {
  private Adapters() {}

  /**
   * @param canonical {@code POST /api/v1/jobs}, which {@code POST /jobs} with a {@code target} is
   */
  public static List<Route> routes(
      Definitions definitions,
      Call canonical,
      Jobs jobs,
      Executions executions,
      Tasks tasks,
      InstantSource clock) {
    Catalogue catalogue = new Catalogue(tasks);
    List<Route> routes = new ArrayList<>();
    routes.addAll(new ScheduleCalls(definitions, catalogue, jobs, executions, clock).routes());
    routes.addAll(new JobCalls(definitions, catalogue, jobs, executions, clock).routes());
    routes.addAll(new JobsCalls(definitions, catalogue, canonical, jobs, executions).routes());
    routes.addAll(new RequestCalls(definitions).routes());
    return routes;
  }
}

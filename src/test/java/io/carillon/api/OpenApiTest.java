package io.carillon.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import io.carillon.api.ApiRig.Answer;
import io.carillon.execution.ExecutionId;
import io.carillon.execution.ExecutionState;
import io.carillon.execution.SampleExecution;
import io.carillon.job.JobId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The document says what the server does, and its examples work as printed. */
class OpenApiTest {
  private static final List<String> LATE = List.of("patch", "delete");
  private static final ExecutionId EXECUTION =
      ExecutionId.planned(JobId.of("items-cleanup"), 1, ApiRig.NOW);
  @AutoClose private static ApiRig rig;
  private static JsonNode document;

  @BeforeAll
  static void start() {
    rig = ApiRig.start();
    document = rig.get("/openapi.json").json();
  }

  private record Operation(String method, String path, JsonNode node) {}

  private static List<Operation> operations() {
    List<Operation> operations = new ArrayList<>();
    for (Map.Entry<String, JsonNode> path : document.get("paths").properties()) {
      for (Map.Entry<String, JsonNode> method : path.getValue().properties()) {
        operations.add(new Operation(method.getKey(), path.getKey(), method.getValue()));
      }
    }
    return operations;
  }

  @Test
  void the_document_has_the_routes_of_the_server_and_no_others() {
    Set<String> documented = new TreeSet<>();
    operations().forEach(op -> documented.add(op.method.toUpperCase() + " " + op.path));
    Set<String> served = new TreeSet<>();
    rig.server
        .javalin()
        .unsafe
        .internalRouter
        .allHttpHandlers()
        .forEach(
            handler -> {
              String method = handler.endpoint.method.name();
              if (!Set.of("BEFORE", "HEAD", "WEBSOCKET_BEFORE_UPGRADE").contains(method)) {
                served.add(method + " " + handler.endpoint.path);
              }
            });
    assertThat(documented).isEqualTo(served);
  }

  @Test
  void operations_have_names_of_their_own_and_every_reference_leads_somewhere() {
    Set<String> names = new HashSet<>();
    for (Operation op : operations()) {
      assertThat(names.add(op.node.get("operationId").asText())).as(op.path).isTrue();
    }
    for (JsonNode ref : document.findValues("$ref")) {
      assertThat(document.at(ref.asText().substring(1)).isMissingNode()).as("%s", ref).isFalse();
    }
  }

  @Test
  void every_example_works_as_printed_and_every_answer_fits_its_schema() {
    SchemaCheck schemas = new SchemaCheck(document);
    seed();
    List<Operation> operations = new ArrayList<>(operations());
    operations.sort(Comparator.comparing((Operation op) -> LATE.indexOf(op.method)));
    // What never ends is tried in LiveCallsTest.
    operations.removeIf(op -> op.node.path("tags").toString().contains("Live"));
    for (Operation op : operations) {
      List<JsonNode> bodies = examples(op.node.path("requestBody"));
      for (JsonNode body : bodies) {
        String path = path(op);
        Answer answer =
            rig.send(
                op.method.toUpperCase(), path, body.isNull() ? null : body.toString(), token(op));
        String call = op.method + " " + path + " " + body;
        assertThat(answer.status()).as(call + "\n" + answer.body()).isBetween(200, 302);
        JsonNode declared = op.node.at("/responses/" + answer.status());
        assertThat(declared.isMissingNode()).as(call + " " + answer.status()).isFalse();
        assertThat(answer.body().isEmpty())
            .as(call)
            .isEqualTo(Set.of(204, 302).contains(answer.status()));
        JsonNode schema = declared.at("/content/application~1json/schema");
        if (!schema.isMissingNode() && !path.equals("/openapi.json")) {
          assertThat(schemas.faults(answer.json(), schema)).as(call + answer.body()).isEmpty();
        }
        for (Map.Entry<String, JsonNode> header : declared.path("headers").properties()) {
          assertThat(answer.header(header.getKey())).as(call + header.getKey()).isNotEmpty();
        }
      }
    }
  }

  @Test
  void problems_fit_their_schema() {
    SchemaCheck schemas = new SchemaCheck(document);
    JsonNode schema = document.at("/components/schemas/Problem");
    for (Answer answer :
        List.of(
            rig.get("/api/v1/jobs/none"),
            rig.get("/nothing"),
            rig.get("/api/v1/jobs?limit=0"),
            rig.post("/api/v1/jobs", "{}"),
            rig.send("DELETE", "/livez", null))) {
      assertThat(schemas.faults(answer.json(), schema)).as(answer.body()).isEmpty();
    }
  }

  @Test
  void the_page_is_whole_and_loads_nothing_from_elsewhere() {
    Answer page = rig.get("/docs");
    assertThat(page.header("Content-Type").replace(" ", "")).isEqualTo("text/html;charset=utf-8");
    assertThat(page.header("Content-Security-Policy"))
        .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'");
    assertThat(page.body()).doesNotContain("http://").doesNotContain("https://");
    assertThat(rig.get("/docs/swagger-ui-bundle.js").body().length()).isGreaterThan(1_000_000);
    assertThat(rig.get("/docs/swagger-ui.css").header("Content-Type").replace(" ", ""))
        .isEqualTo("text/css;charset=utf-8");
    assertThat(rig.get("/docs/start.js").body()).contains("/openapi.json");
    assertThat(rig.get("/docs/index.html").fault()).isEqualTo("404 not_found");
  }

  /** The tasks, the queue, the job and the execution that the examples speak of. */
  private static void seed() {
    document
        .at("/paths/~1api~1v1~1tasks~1{id}/put/requestBody/content/application~1json/examples")
        .properties()
        .forEach(
            task -> {
              String body = task.getValue().get("value").toString();
              rig.send("PUT", "/api/v1/tasks/" + task.getKey(), body);
            });
    JsonNode put = document.at("/paths/~1api~1v1~1jobs~1{id}/put/requestBody");
    rig.send("PUT", "/api/v1/jobs/items-cleanup", examples(put).get(0).toString());
    rig.queues.pause("default", "mail", null, null);
    seed(example("RunningExecutionId"), ExecutionState.RUNNING);
    seed(example("FailedExecutionId"), ExecutionState.FAILED);
    Instant at = ApiRig.NOW;
    ExecutionId id = EXECUTION;
    rig.letters.add("items-cleanup", at, "HTTP_503");
    rig.engine.executions.put(
        id,
        SampleExecution.of(id, JobId.of("items-cleanup"))
            .ended(ExecutionState.SUCCEEDED, at.plusMillis(5))
            .answered(204)
            .build());
  }

  private static void seed(String id, ExecutionState state) {
    ExecutionId execution = new ExecutionId(id);
    rig.engine.executions.put(
        execution, SampleExecution.of(execution, JobId.of("items-cleanup")).state(state).build());
  }

  /** Calls for targets show the token of an execution. */
  private static String[] token(Operation op) {
    if (op.node.at("/security/0/token").isMissingNode()) {
      return new String[0];
    }
    return new String[] {"Authorization", "Bearer token-1-" + example("RunningExecutionId")};
  }

  private static String example(String parameter) {
    return document.at("/components/parameters/" + parameter + "/example").asText();
  }

  private static List<JsonNode> examples(JsonNode requestBody) {
    JsonNode json = requestBody.at("/content/application~1json");
    List<JsonNode> bodies = new ArrayList<>();
    if (json.has("example")) {
      bodies.add(json.get("example"));
    }
    json.path("examples").forEach(example -> bodies.add(example.get("value")));
    if (bodies.isEmpty()) {
      assertThat(json.isMissingNode()).as("a body needs an example").isTrue();
      bodies.add(json.isMissingNode() ? NullNode.instance : json);
    }
    return bodies;
  }

  /** With the examples of the parameters in it. */
  private static String path(Operation op) {
    String path = op.path;
    String query = "";
    for (JsonNode given : op.node.path("parameters")) {
      JsonNode parameter =
          given.has("$ref") ? document.at(given.get("$ref").asText().substring(1)) : given;
      String name = parameter.get("name").asText();
      String example = parameter.path("example").asText(EXECUTION.value());
      if (parameter.get("in").asText().equals("path")) {
        path = path.replace("{" + name + "}", example);
      } else if (parameter.path("required").asBoolean()) {
        query += (query.isEmpty() ? "?" : "&") + name + "=" + example;
      }
    }
    return path + query;
  }
}

package io.carillon.api.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carillon.execution.ExecutionId;
import io.carillon.job.JobId;
import io.carillon.security.Caller;
import io.carillon.spec.Fault;
import io.carillon.spec.StrictJson;
import io.carillon.spec.UnreadableJson;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One request, as its call sees it. Not thread-safe.
 *
 * @param path parameters of the path
 * @param headers by name, case-insensitive
 * @param proposedId the id that whatever the request creates must get; the same again when the
 *     request is sent again with its {@code Idempotency-Key}
 */
public record Exchange(
    String requestId,
    Caller caller,
    Map<String, String> path,
    Map<String, List<String>> queryValues,
    Function<String, @Nullable String> headers,
    byte[] body,
    String proposedId) {

  /** The same request, for a thing that has its id already. */
  public Exchange withProposedId(String id) {
    return new Exchange(requestId, caller, path, queryValues, headers, body, id);
  }

  public @Nullable String header(String name) {
    return headers.apply(name);
  }

  public Query query() {
    return new Query(queryValues);
  }

  /** The query of a call that takes none. */
  public void noQuery() {
    query().done();
  }

  /** The job that {@code {id}} in the path names. @throws ProblemException 404 if it cannot */
  public JobId jobId() {
    return jobId(parameter("id"));
  }

  /** A parameter of the path. */
  public String parameter(String name) {
    return path.getOrDefault(name, "");
  }

  /** The job of an id from outside. @throws ProblemException 404 if it cannot be one */
  public static JobId jobId(String id) {
    if (!JobId.isValid(id)) {
      throw ProblemException.notFound("job");
    }
    return JobId.of(id);
  }

  /** The execution that the path names. @throws ProblemException 404 if it cannot name one */
  public ExecutionId executionId() {
    return ExecutionId.parse(parameter("id"))
        .orElseThrow(() -> ProblemException.notFound("execution"));
  }

  /** The id of the job that this request creates. */
  public JobId newJobId() {
    return JobId.of(proposedId);
  }

  /**
   * The body as a JSON object. @throws ProblemException 400 saying what is wrong with it, or 415
   */
  public ObjectNode object() {
    MediaType.requireJson(header("Content-Type"), header("Content-Encoding"), body.length);
    try {
      return StrictJson.read(body);
    } catch (UnreadableJson e) {
      throw ProblemException.of(400, List.of(new Fault(e.pointer(), e.code(), e.detail())));
    }
  }

  /** The same, where no body at all means {@code {}}. */
  public ObjectNode objectOrEmpty() {
    return body.length == 0 ? Json.object() : object();
  }

  /** What {@code If-Match} asks for. */
  public IfMatch ifMatch() {
    return IfMatch.parse(header("If-Match"));
  }

  /** Whether {@code If-None-Match: *} is there. */
  public boolean mustBeNew() {
    String value = header("If-None-Match");
    return value != null && value.strip().equals("*");
  }

  /** Whether the caller already has this version. */
  public boolean has(long version) {
    String value = header("If-None-Match");
    return value != null && value.contains("\"" + version + "\"");
  }
}

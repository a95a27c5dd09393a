package io.carillon.api.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carillon.spec.Fault;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A problem as RFC 9457 has it.
 *
 * @param code stable, for programs
 * @param detail for people; never a class name, SQL or a stack trace
 * @param errors all faults of the request
 * @param headers of the answer
 * @param members further members, such as {@code jobId}
 */
public record Problem(
    int status,
    String code,
    String detail,
    List<Fault> errors,
    Map<String, String> headers,
    Map<String, String> members) {
  public static final String CONTENT_TYPE = "application/problem+json";

  public Problem {
    errors = List.copyOf(errors);
    headers = Map.copyOf(headers);
    members = Map.copyOf(members);
  }

  public static Problem of(int status, String code, String detail) {
    return new Problem(status, code, detail, List.of(), Map.of(), Map.of());
  }

  /** One problem for all faults; its code is that of the only one, or {@code validation_failed}. */
  public static Problem of(int status, List<Fault> faults) {
    if (faults.size() == 1) {
      Fault only = faults.get(0);
      return of(status, only.code(), only.detail()).withErrors(faults);
    }
    return of(status, "validation_failed", faults.size() + " faults; errors names each of them")
        .withErrors(faults);
  }

  public Problem withErrors(List<Fault> faults) {
    return new Problem(status, code, detail, faults, headers, members);
  }

  public Problem with(String header, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new Problem(status, code, detail, errors, more, members);
  }

  public Problem withMember(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(members);
    more.put(name, value);
    return new Problem(status, code, detail, errors, headers, more);
  }

  /** With when to come back, in whole seconds, at least one. */
  public Problem retryAfter(Duration wait) {
    return with("Retry-After", Long.toString(Math.max(1, (wait.toMillis() + 999) / 1000)));
  }

  /** The answer. */
  public Reply reply(String requestId) {
    ObjectNode body = Json.object();
    body.put("type", "urn:carillon:problem:" + code);
    body.put("title", title());
    body.put("status", status);
    body.put("code", code);
    body.put("detail", detail);
    ArrayNode list = body.putArray("errors");
    errors.forEach(fault -> list.add(tree(fault)));
    members.forEach(body::put);
    body.put("requestId", requestId);
    return new Reply(status, headers, CONTENT_TYPE, Json.bytes(body));
  }

  /** A fault as a member of {@code errors}. */
  public static ObjectNode tree(Fault fault) {
    return Json.object()
        .put("pointer", fault.pointer())
        .put("code", fault.code())
        .put("detail", fault.detail());
  }

  /** The same for every problem of one code, as the RFC asks. */
  private String title() {
    String words = code.replace('_', ' ');
    return Character.toUpperCase(words.charAt(0)) + words.substring(1);
  }
}

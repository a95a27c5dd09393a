package io.carillon.api.adapter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carillon.api.http.Body;
import io.carillon.api.http.Definitions;
import io.carillon.api.http.Json;
import io.carillon.api.http.ProblemException;
import io.carillon.job.Job;
import io.carillon.job.JobId;
import io.carillon.job.Origin;
import io.carillon.job.Task;
import io.carillon.spec.Fault;
import io.carillon.spec.Faults;
import io.carillon.spec.JobReader;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A call's own body on its way to a canonical one. One use; not thread-safe. */
final class Translation {
  final Body body;
  final ObjectNode canonical = Json.object();

  /** From a pointer into the canonical body to the one the client wrote; longest first. */
  private final Map<String, String> origins = new LinkedHashMap<>();

  private boolean retryOfTask;

  Translation(ObjectNode body) {
    this.body = new Body(body);
  }

  /** Says that a canonical place was filled from another one. Narrower places first. */
  Translation from(String canonicalPointer, String ownPointer) {
    origins.put(canonicalPointer, ownPointer);
    return this;
  }

  /** Copies a member as it is, if it is there. */
  void copy(String ownName, ObjectNode to, String canonicalPointer) {
    if (body.any(ownName) != null) {
      to.set(canonicalPointer.substring(canonicalPointer.lastIndexOf('/') + 1), body.any(ownName));
    }
    from(canonicalPointer, Body.pointer(ownName));
  }

  /**
   * A stored task.
   *
   * @param namePointer where the client named it
   * @param pointer to its parameters
   */
  void task(Task task, @Nullable JsonNode parameters, String namePointer, String pointer) {
    canonical.put("task", task.id().value());
    if (parameters != null && !parameters.isMissingNode()) {
      canonical.set("parameters", parameters);
    }
    from("/parameters", pointer).from("/task", namePointer);
    retryOfTask = task.retry() != null;
  }

  /** The call's own default, unless its task has one. */
  void usualRetry(int attempts, String backoff, String initial) {
    if (!retryOfTask) {
      retry(attempts, backoff, initial);
    }
  }

  /** One attempt, fixed waits or growing ones. */
  void retry(int attempts, String backoff, String initial) {
    ObjectNode retry = canonical.putObject("retry");
    retry.put("maxAttempts", attempts).put("backoff", backoff).put("initial", initial);
  }

  ObjectNode schedule(String type) {
    return canonical.putObject("schedule").put("type", type);
  }

  ObjectNode target(String type) {
    return canonical.putObject("target").put("type", type);
  }

  /**
   * The job.
   *
   * @throws ProblemException with every fault, by the client's own fields: 400 if a required one is
   *     missing
   */
  Job job(JobReader reader, JobId id, Origin.Call call, Map<String, Object> facts) {
    Faults faults = new Faults();
    Job job = reader.read(canonical, id, faults);
    Map<String, Fault> all = new LinkedHashMap<>();
    body.faults().list().forEach(fault -> all.putIfAbsent(key(fault), fault));
    for (Fault fault : faults.list()) {
      Fault own = translated(fault);
      all.putIfAbsent(key(own), own);
    }
    if (job == null || !all.isEmpty()) {
      throw refused(List.copyOf(all.values()));
    }
    return job.withOrigin(new Origin(call, facts));
  }

  /** What both sides found is told once. */
  private static String key(Fault fault) {
    return fault.pointer() + ' ' + fault.code();
  }

  private static ProblemException refused(List<Fault> faults) {
    boolean missing = faults.stream().anyMatch(fault -> fault.code().equals("field_required"));
    return ProblemException.of(missing ? 400 : Definitions.status(faults), faults);
  }

  private Fault translated(Fault fault) {
    for (Map.Entry<String, String> origin : origins.entrySet()) {
      String place = origin.getKey();
      if (fault.pointer().equals(place) || fault.pointer().startsWith(place + "/")) {
        String own = origin.getValue() + fault.pointer().substring(place.length());
        return new Fault(own, fault.code(), inWordsOf(own, fault));
      }
    }
    return fault;
  }

  /** The detail with the client's name of the field in place of ours. */
  private static String inWordsOf(String own, Fault fault) {
    return fault.detail().replace(quoted(fault.pointer()), quoted(own));
  }

  private static String quoted(String pointer) {
    return "'" + pointer.substring(pointer.lastIndexOf('/') + 1) + "'";
  }

  /** Facts without those that are absent. */
  static Map<String, Object> facts(@Nullable Object... namesAndValues) {
    Map<String, Object> facts = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      Object value = namesAndValues[i + 1];
      if (value != null) {
        facts.put(String.valueOf(namesAndValues[i]), value);
      }
    }
    return facts;
  }
}

package io.carillon.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carillon.api.http.Body;
import io.carillon.execution.DeadLetters;
import io.carillon.execution.ExecutionId;
import io.carillon.job.JobId;
import io.carillon.spec.Faults;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which dead letters an act is meant for: those named, or those that a filter lets through.
 *
 * @param ids each once; empty with a filter
 * @param filter null if they are named
 * @param pace from one attempt to the next
 */
record LetterSelection(List<ExecutionId> ids, DeadLetters.@Nullable Filter filter, Duration pace) {
  private static final int MOST_IDS = 1_000;
  private static final int MOST_LABELS = 10;
  private static final BigDecimal USUAL_RATE = BigDecimal.TEN;
  private static final BigDecimal LOWEST_RATE = new BigDecimal("0.01");
  private static final BigDecimal HIGHEST_RATE = BigDecimal.valueOf(1_000);

  /**
   * @param paced whether {@code ratePerSecond} may be given
   * @throws io.carillon.api.http.ProblemException with every fault
   */
  static LetterSelection read(ObjectNode object, boolean paced) {
    Body body = new Body(object);
    JsonNode ids = body.any("ids");
    ObjectNode filter = body.object("filter");
    if (body.has("ids") == body.has("filter")) {
      body.fault("ids", "selection_required", "either 'ids' or 'filter' has to say which letters");
    }
    List<ExecutionId> named = ids == null ? List.of() : ids(ids, body);
    DeadLetters.Filter read = filter == null ? null : filter(filter, body.faults());
    Duration pace = paced ? pace(body) : Duration.ZERO;
    body.refuseOthers();
    body.done();
    return new LetterSelection(named, read, pace);
  }

  private static List<ExecutionId> ids(JsonNode list, Body body) {
    if (!list.isArray()) {
      body.fault("ids", "json_type", "'ids' must be an array");
      return List.of();
    }
    if (list.isEmpty() || list.size() > MOST_IDS) {
      body.fault("ids", "ids_range", "1 to " + MOST_IDS + " ids in one call");
    }
    Set<ExecutionId> ids = new LinkedHashSet<>();
    for (int i = 0; i < Math.min(MOST_IDS, list.size()); i++) {
      JsonNode id = list.get(i);
      String pointer = "/ids/" + i;
      if (!id.isTextual()) {
        body.faults().add(pointer, "json_type", "an id is a string");
      } else {
        ExecutionId.parse(id.textValue())
            .ifPresentOrElse(
                ids::add,
                () -> body.faults().add(pointer, "execution_id_invalid", "not an execution's id"));
      }
    }
    return List.copyOf(ids);
  }

  private static DeadLetters.Filter filter(ObjectNode object, Faults faults) {
    Body fields = new Body(object);
    String job = fields.text("job");
    if (job != null && !JobId.isValid(job)) {
      fields.fault("job", "job_id_invalid", "not the id of a job");
    }
    DeadLetters.Filter filter =
        new DeadLetters.Filter(
            JobId.DEFAULT_NAMESPACE,
            job == null || !JobId.isValid(job) ? null : JobId.of(job),
            fields.text("queue"),
            fields.text("reason"),
            fields.instant("from"),
            fields.instant("to"),
            labels(fields));
    fields.refuseOthers();
    fields
        .faults()
        .list()
        .forEach(fault -> faults.add("/filter" + fault.pointer(), fault.code(), fault.detail()));
    return filter;
  }

  private static Map<String, String> labels(Body fields) {
    Map<String, String> labels = new LinkedHashMap<>();
    ObjectNode given = fields.object("labels");
    List<String> wrong = new ArrayList<>();
    if (given != null) {
      given
          .properties()
          .forEach(
              label -> {
                if (label.getValue().isTextual()) {
                  labels.put(label.getKey(), label.getValue().textValue());
                } else {
                  wrong.add(label.getKey());
                }
              });
    }
    wrong.forEach(
        name ->
            fields
                .faults()
                .add(Faults.child("/labels", name), "json_type", "a label's value is a string"));
    if (labels.size() > MOST_LABELS) {
      fields.fault("labels", "labels_too_many", "at most " + MOST_LABELS + " labels in a filter");
    }
    return labels;
  }

  private static Duration pace(Body body) {
    BigDecimal rate = body.number("ratePerSecond");
    if (rate == null) {
      rate = USUAL_RATE;
    } else if (rate.compareTo(LOWEST_RATE) < 0 || rate.compareTo(HIGHEST_RATE) > 0) {
      body.fault("ratePerSecond", "number_range", "'ratePerSecond' is from 0.01 to 1000");
      rate = USUAL_RATE;
    }
    return Duration.ofNanos(Math.round(1e9 / rate.doubleValue()));
  }
}

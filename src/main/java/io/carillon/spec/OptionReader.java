package io.carillon.spec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carillon.job.Async;
import io.carillon.job.BlindWays;
import io.carillon.job.JobId;
import io.carillon.job.Link;
import io.carillon.job.TargetRules;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * Checks the shape of the fields of a job that are kept as given: those who act on one read it
 * there. One use; not thread-safe.
 */
final class OptionReader {
  static final String ASYNC = "async";

  /** Not shown: whether the zone of a cron text was left out. */
  static final String ZONE_ASSUMED = "timeZoneAssumed";

  /** The fields of a job, in the order shown; {@link #ASYNC} belongs to the target. */
  static final List<String> NAMES =
      List.of(
          "success",
          "callback",
          "onSuccess",
          "onFailure",
          "onComplete",
          "group",
          "onGroupComplete",
          "dedup",
          "dedupKey",
          "fifoKey",
          "throttle",
          "debounce",
          "concurrency");

  /** States of executions that can be told of: those an execution is in when one ends. */
  private static final Set<String> TOLD = Set.of("RETRYING", "SUCCEEDED", "FAILED", "CANCELLED");

  private static final int MOST_LINKS = 32;
  private static final int LONGEST_KEY = 255;
  private static final int LONGEST_REGEX = 200;
  private static final Duration SHORTEST = Duration.ofMillis(1);
  private static final Pattern STATUS = Pattern.compile("[1-5]xx|[1-5][0-9]{2}");
  private static final List<String> STATES =
      List.of(
          "SCHEDULED",
          "QUEUED",
          "RUNNING",
          "RETRYING",
          "SUCCEEDED",
          "FAILED",
          "CANCELLED",
          "SKIPPED");

  private final Fields fields;
  private final TargetRules rules;
  private final TargetOwner owner;
  private final Map<String, Object> options = new LinkedHashMap<>();

  OptionReader(Fields fields, TargetRules rules, TargetOwner owner) {
    this.fields = fields;
    this.rules = rules;
    this.owner = owner;
  }

  Map<String, Object> read() {
    callback();
    for (String name : List.of("onSuccess", "onFailure", "onComplete", "onGroupComplete")) {
      links(name);
    }
    for (String name : List.of("dedupKey", "fifoKey", "group")) {
      key(fields, name, false);
      keep(fields, name, options);
    }
    dedup();
    keyed("throttle", "per");
    keyed("debounce", "wait");
    concurrency();
    success(fields, options);
    if (options.containsKey(Link.ON_GROUP_COMPLETE) && !options.containsKey(Link.GROUP)) {
      fields.fault(
          Link.ON_GROUP_COMPLETE, "group_required", "'onGroupComplete' belongs to a 'group'");
    }
    return options;
  }

  static void async(Fields target, Map<String, Object> options) {
    Fields async = target.fields(ASYNC);
    if (async != null) {
      require(async, "timeout");
      async.duration("timeout", Async.SHORTEST, Durations.LONGEST, "duration_range");
      async.duration("heartbeat", Async.SHORTEST, Durations.LONGEST, "duration_range");
      async.end();
      keep(target, ASYNC, options);
    }
  }

  static void success(Fields fields, Map<String, Object> options) {
    Fields success = fields.fields("success");
    if (success == null) {
      return;
    }
    List<String> statuses = success.texts("statuses", 50);
    for (int i = 0; statuses != null && i < statuses.size(); i++) {
      if (!STATUS.matcher(statuses.get(i)).matches()) {
        String place = success.pointer("statuses") + "/" + i;
        success.faults().add(place, "status_invalid", "a status is such as 200 or 2xx");
      }
    }
    if (statuses != null && statuses.isEmpty()) {
      success.fault("statuses", "status_invalid", "with no status at all nothing would succeed");
    }
    String regex = success.text("bodyMatches");
    if (regex != null) {
      regex(success, regex);
    }
    success.end();
    keep(fields, "success", options);
  }

  private static void regex(Fields success, String regex) {
    if (regex.length() > LONGEST_REGEX) {
      success.fault("bodyMatches", "regex_too_long", "at most " + LONGEST_REGEX + " characters");
      return;
    }
    try {
      Pattern.compile(regex);
      if (BlindWays.of(regex) > BlindWays.MOST) {
        success.fault(
            "bodyMatches",
            "regex_too_slow",
            "too many choices between things that may be empty, or comments (?x)");
      }
    } catch (PatternSyntaxException e) {
      success.fault(
          "bodyMatches", "regex_invalid", "not a regular expression: " + e.getDescription());
    }
  }

  private void callback() {
    Fields callback = fields.fields("callback");
    if (callback == null) {
      return;
    }
    require(callback, "url");
    String url = callback.text("url");
    if (url != null) {
      TargetReader.checkUrl(callback, "url", url, rules);
    }
    List<String> on = callback.texts("on", STATES.size());
    for (int i = 0; on != null && i < on.size(); i++) {
      if (!STATES.contains(on.get(i))) {
        callback.unknownValue("on", on.get(i), STATES);
      } else if (!TOLD.contains(on.get(i))) {
        callback
            .faults()
            .add(
                callback.pointer("on") + "/" + i,
                "callback_state_unsupported",
                "callbacks tell of " + new TreeSet<>(TOLD) + ", not of " + on.get(i));
      }
    }
    new SecretReader(callback, rules, owner).callback();
    callback.end();
    keep(fields, "callback", options);
  }

  private void links(String name) {
    ArrayNode links = fields.array(name, MOST_LINKS);
    for (int i = 0; links != null && i < links.size(); i++) {
      String pointer = fields.pointer(name) + "/" + i;
      if (links.get(i) instanceof ObjectNode link) {
        link(new Fields(link, pointer, fields.faults()), name.equals(Link.ON_GROUP_COMPLETE));
      } else {
        fields
            .faults()
            .add(
                pointer, "json_type", "a link must be an object, not " + Fields.kind(links.get(i)));
      }
    }
    keep(fields, name, options);
  }

  private static void link(Fields link, boolean ofGroup) {
    String job = link.text("job");
    String task = link.text("task");
    ObjectNode parameters = link.object("parameters");
    if (parameters != null) {
      Result.check(parameters, link.pointer("parameters"), ofGroup, link.faults());
    }
    if (link.has("job") == link.has("task")) {
      link.fault("job", "link_ambiguous", "a link names either a 'job' or a 'task'");
    }
    if (job != null && !JobId.isValid(job)) {
      link.fault("job", "job_id_invalid", "not the id of a job");
    }
    if (task != null && !JobId.isValid(task)) {
      link.fault("task", "task_id_invalid", "not the id of a task");
    }
    link.end();
  }

  private void dedup() {
    Fields dedup = fields.fields("dedup");
    if (dedup == null) {
      return;
    }
    key(dedup, "key", true);
    dedup.duration("ttl", SHORTEST, Durations.LONGEST, "duration_range");
    String mode = dedup.text("mode");
    List<String> modes = List.of("REJECT", "REPLACE", "RETURN");
    if (mode != null && !modes.contains(mode)) {
      dedup.unknownValue("mode", mode, modes);
    }
    dedup.end();
    keep(fields, "dedup", options);
  }

  private void keyed(String name, String length) {
    Fields keyed = fields.fields(name);
    if (keyed != null) {
      key(keyed, "key", true);
      require(keyed, length);
      keyed.duration(length, SHORTEST, Durations.LONGEST, "duration_range");
      keyed.end();
      keep(fields, name, options);
    }
  }

  private void concurrency() {
    Fields concurrency = fields.fields("concurrency");
    if (concurrency != null) {
      concurrency.integer("perJob", 1, 1_000_000, "concurrency_range");
      concurrency.integer("perHost", 1, 1_000_000, "concurrency_range");
      concurrency.end();
      keep(fields, "concurrency", options);
    }
  }

  private static void key(Fields fields, String name, boolean required) {
    String key = fields.text(name);
    if (required) {
      require(fields, name);
    }
    if (key != null && (key.isBlank() || key.length() > LONGEST_KEY)) {
      fields.fault(name, "key_invalid", "a key has 1 to " + LONGEST_KEY + " characters");
    }
  }

  private static void require(Fields fields, String name) {
    if (!fields.has(name)) {
      fields.any(name);
      fields.required(name);
    }
  }

  private static void keep(Fields fields, String name, Map<String, Object> options) {
    JsonNode node = fields.any(name);
    @Nullable Object value = node == null ? null : Values.of(node);
    if (value != null) {
      options.put(name, value);
    }
  }
}

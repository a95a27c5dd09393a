package io.carillon.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carillon.api.http.Body;
import io.carillon.api.http.Exchange;
import io.carillon.api.http.Json;
import io.carillon.api.http.Reply;
import io.carillon.api.http.Route;
import io.carillon.cron.Tick;
import io.carillon.job.JobId;
import io.carillon.job.Schedule;
import io.carillon.spec.JobReader;
import io.carillon.spec.Preview;
import io.carillon.spec.ScheduleWords;
import io.carillon.spec.Surprises;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a schedule that is not stored would do. Thread-safe. */
final class PreviewCall {
  private static final int USUAL = 10;
  private static final int MOST = 1_000;

  private final JobReader reader;
  private final InstantSource clock;

  PreviewCall(JobReader reader, InstantSource clock) {
    this.reader = reader;
    this.clock = clock;
  }

  List<Route> routes() {
    return List.of(Route.post("/api/v1/schedules/preview", this::preview));
  }

  private Reply preview(Exchange exchange) {
    exchange.noQuery();
    Body body = new Body(exchange.object());
    ObjectNode given = body.object("schedule");
    body.require("schedule");
    Instant asked = body.instant("from");
    Instant from = asked == null ? clock.instant() : asked;
    Instant until = until(body, from);
    Integer count = body.integer("count", 1, MOST);
    boolean passedOver = body.any("passedOver") == null || body.flag("passedOver");
    body.refuseOthers();
    JobReader once = reader.remembering(JobId.DEFAULT_NAMESPACE, List.of());
    Schedule schedule =
        given == null ? null : once.readSchedule(given, "/schedule", body.faults(), from);
    body.done();
    if (given == null || schedule == null) {
      throw new IllegalStateException("a schedule without faults is one");
    }
    Preview preview =
        new Preview(schedule, once.exclusions(JobId.DEFAULT_NAMESPACE, schedule), from);
    List<String> warnings = new ArrayList<>(Surprises.of(schedule, lacksZone(given)));
    List<Tick> ticks;
    if (until == null) {
      ticks = preview.next(count == null ? USUAL : count, passedOver);
    } else {
      Preview.Marked marked = preview.marked(until, count == null ? MOST : count);
      if (marked.lookedUntil() != null) {
        warnings.add("there may be more: the list ends at " + marked.lookedUntil());
      }
      ticks = marked.ticks().stream().filter(tick -> passedOver || tick.runs()).toList();
    }
    return Reply.json(200, answer(schedule, ticks, warnings));
  }

  private static @Nullable Instant until(Body body, Instant from) {
    Instant until = body.instant("until");
    if (until != null && !until.isAfter(from)) {
      body.fault("until", "end_before_start", "'until' must be later than 'from'");
    } else if (until != null && until.isAfter(from.plus(Preview.FARTHEST))) {
      body.fault("until", "until_range", "'until' is at most two years after 'from'");
    }
    return until;
  }

  private static boolean lacksZone(ObjectNode given) {
    return !given.hasNonNull("timeZone");
  }

  private static ObjectNode answer(Schedule schedule, List<Tick> ticks, List<String> warnings) {
    ObjectNode answer = Json.object();
    Schedule.Cron cron = schedule instanceof Schedule.Cron text ? text : null;
    answer.put("normalized", cron == null ? null : cron.normalized());
    answer.put("dialect", cron == null ? null : cron.dialect());
    answer.put("description", ScheduleWords.describe(schedule));
    answer.put("timeZone", schedule.zone() == null ? null : schedule.zone().getId());
    TickViews.add(answer.putArray("next"), ticks, schedule);
    ArrayNode said = answer.putArray("warnings");
    warnings.forEach(said::add);
    return answer;
  }
}

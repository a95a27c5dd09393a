package io.carillon.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carillon.api.http.Json;
import io.carillon.cron.Note;
import io.carillon.cron.Tick;
import io.carillon.job.Schedule;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;

/** Shows planned instants: in UTC, by the schedule's clock, and what is to be said of them. */
final class TickViews {
  private TickViews() {}

  static void add(ArrayNode next, List<Tick> ticks, Schedule schedule) {
    ZoneId own = schedule.zone();
    ZoneId zone = own == null ? ZoneOffset.UTC : own;
    for (Tick tick : ticks) {
      ObjectNode node = next.addObject();
      node.put("at", tick.at().toString()).put("local", Json.local(tick.at(), zone));
      if (tick.note() != Note.NONE) {
        node.put("note", tick.note().name());
      }
    }
  }
}

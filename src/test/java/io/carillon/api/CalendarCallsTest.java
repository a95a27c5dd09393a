package io.carillon.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.carillon.api.ApiRig.Answer;
import io.carillon.calendar.CalendarDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Calendars over HTTP, in a real database. */
class CalendarCallsTest {
  private static final String TARGET = "\"target\": {\"type\": \"noop\"}";
  private static CalendarDatabase database;
  private static ApiRig rig;

  @BeforeAll
  static void start() {
    database = new CalendarDatabase();
    rig = ApiRig.with().calendars(database.calendars).start();
  }

  @AfterAll
  static void stop() {
    rig.close();
    database.close();
  }

  private static Answer put(String name, String json, String... headers) {
    return rig.send("PUT", "/api/v1/calendars/" + name, json, headers);
  }

  @Test
  void a_calendar_is_created_read_changed_listed_and_deleted() {
    Answer created =
        put("crud", "{\"dates\": [\"2026-12-25\", \"2026-12-24\"], \"weekdays\": [\"SUN\"]}");
    assertThat(created.status()).isEqualTo(201);
    assertThat(created.header("Location")).isEqualTo("/api/v1/calendars/crud");
    assertThat(created.header("ETag")).isEqualTo("\"1\"");

    Answer read = rig.get("/api/v1/calendars/crud");
    assertThat(read.json().get("dates").toString()).isEqualTo("[\"2026-12-24\",\"2026-12-25\"]");
    assertThat(rig.get("/api/v1/calendars/crud", "If-None-Match", "\"1\"").status()).isEqualTo(304);
    // What was read may be put again, and changes nothing.
    Answer again = put("crud", read.body());
    assertThat(again.status() + again.header("ETag")).isEqualTo("200\"1\"");

    Answer changed = put("crud", "{\"description\": \"new\", \"yearly\": [\"12-25\"]}");
    assertThat(changed.status() + changed.header("ETag")).isEqualTo("200\"2\"");
    JsonNode items = rig.get("/api/v1/calendars?limit=200").json().get("items");
    assertThat(items.findValuesAsText("name")).contains("crud");
    assertThat(items.findValuesAsText("description")).contains("new");

    assertThat(rig.send("DELETE", "/api/v1/calendars/crud", null).status()).isEqualTo(200);
    assertThat(rig.get("/api/v1/calendars/crud").fault()).isEqualTo("404 not_found");
    assertThat(rig.send("DELETE", "/api/v1/calendars/crud", null).fault())
        .isEqualTo("404 not_found");
  }

  @Test
  void versions_are_heeded() {
    put("versions", "{\"dates\": [\"2026-12-24\"]}");
    put("versions", "{\"dates\": [\"2026-12-25\"]}");

    assertThat(put("versions", "{}", "If-Match", "\"1\"").fault()).isEqualTo("412 version_stale");
    assertThat(put("versions", "{}", "If-None-Match", "*").fault()).isEqualTo("412 version_stale");
    assertThat(put("absent", "{}", "If-Match", "\"1\"").fault()).isEqualTo("412 version_stale");
    assertThat(put("absent", "{}", "If-Match", "*").fault()).isEqualTo("412 version_stale");
    assertThat(rig.send("DELETE", "/api/v1/calendars/versions", null, "If-Match", "\"1\"").fault())
        .isEqualTo("412 version_stale");
    assertThat(put("versions", "{}", "If-Match", "\"2\"").status()).isEqualTo(200);
  }

  @Test
  void faults_are_told_together_with_their_places() {
    Answer refused = put("faults", "{\"dates\": [\"x\"], \"weekdays\": [\"X\"], \"wekdays\": []}");
    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.json().get("errors").findValuesAsText("pointer"))
        .containsExactlyInAnyOrder("/dates/0", "/weekdays/0", "/wekdays");
    assertThat(put("x".repeat(121), "{}").fault()).isEqualTo("422 calendar_name_invalid /name");
    assertThat(put("faults", "{\"name\": \"other\"}").fault()).isEqualTo("422 id_mismatch /name");
    assertThat(rig.get("/api/v1/calendars?cursor=%C3%A4").fault())
        .isEqualTo("400 cursor_invalid ?cursor");
    assertThat(rig.get("/api/v1/calendars/%C3%A4").fault()).isEqualTo("404 not_found");
  }

  @Test
  void an_ics_file_is_taken_in_up_to_one_mebibyte() {
    String event =
        "BEGIN:VEVENT\\r\\nUID:%d\\r\\nDTSTART;VALUE=DATE:20261224\\r\\nSUMMARY:%s\\r\\nEND:VEVENT\\r\\n";
    StringBuilder events = new StringBuilder();
    for (int i = 0; i < 1_000; i++) {
      events.append(event.formatted(i, "x".repeat(900)));
    }
    String ics = "BEGIN:VCALENDAR\\r\\nVERSION:2.0\\r\\n" + events + "END:VCALENDAR\\r\\n";
    Answer answer = put("ics", "{\"ics\": \"" + ics + "\"}");

    assertThat(answer.status()).as(answer.body()).isEqualTo(201);
    assertThat(answer.json().get("dates").toString()).isEqualTo("[\"2026-12-24\"]");
    assertThat(answer.json().has("ics")).isFalse();
    assertThat(put("ics", "{\"ics\": \"" + "x".repeat(1 << 20) + "x\"}").status())
        .isBetween(400, 422);
  }

  @Test
  void a_calendar_in_use_stays_and_says_by_whom() {
    put("used", "{\"dates\": [\"2026-12-24\"]}");
    for (int i = 0; i < 6; i++) {
      database.job("user-" + i, "ACTIVE", "used");
    }

    Answer refused = rig.send("DELETE", "/api/v1/calendars/used", null);
    assertThat(refused.fault()).isEqualTo("409 calendar_in_use");
    assertThat(refused.json().get("detail").asText()).contains("user-0", "user-4", "1 more");
  }

  @Test
  void a_job_names_calendars_that_there_are() {
    put("holidays", "{\"dates\": [\"2026-12-24\"]}");
    String schedule = ", \"schedule\": {\"every\": \"P1D\", \"calendars\": [%s]}}";
    Answer created =
        rig.send("PUT", "/api/v1/jobs/named", "{" + TARGET + schedule.formatted("\"holidays\""));
    assertThat(created.status()).as(created.body()).isEqualTo(201);
    assertThat(created.json().at("/schedule/calendars/0").asText()).isEqualTo("holidays");

    Answer unknown =
        rig.post("/api/v1/jobs", "{" + TARGET + schedule.formatted("\"holydays\", \"ä\""));
    assertThat(unknown.json().get("errors").findValuesAsText("code"))
        .containsExactly("calendar_unknown", "calendar_unknown");
    assertThat(unknown.json().at("/errors/0/pointer").asText()).isEqualTo("/schedule/calendars/0");
    assertThat(unknown.body()).contains("did you mean 'holidays'?");

    Answer patched =
        rig.send("PATCH", "/api/v1/jobs/named", "{\"schedule\": {\"calendars\": [\"nothing\"]}}");
    assertThat(patched.fault()).isEqualTo("422 calendar_unknown /schedule/calendars/0");
    assertThat(
            rig.send("PATCH", "/api/v1/jobs/named", "{\"schedule\": {\"every\": \"P2D\"}}")
                .status())
        .isEqualTo(200);
  }

  @Test
  void a_batch_says_of_each_job_which_calendar_is_missing() {
    put("there", "{\"dates\": [\"2026-12-24\"]}");
    String job = "{" + TARGET + ", \"schedule\": {\"every\": \"P1D\", \"calendars\": [\"%s\"]}}";
    Answer answer =
        rig.post(
            "/api/v1/jobs:batch",
            "{\"jobs\": [" + job.formatted("there") + "," + job.formatted("gone") + "]}");

    assertThat(answer.json().at("/items/0/status").asInt()).isEqualTo(201);
    assertThat(answer.json().at("/items/1/errors/0/pointer").asText())
        .isEqualTo("/jobs/1/schedule/calendars/0");
  }

  @Test
  void a_schedule_that_its_calendars_leave_nothing_of_is_refused() {
    put("always", "{\"weekdays\": [\"SAT\", \"SUN\"]}");
    Answer refused =
        rig.post(
            "/api/v1/jobs",
            "{"
                + TARGET
                + ", \"schedule\": {\"cron\": \"0 0 12 ? * SAT\", \"timeZone\": \"UTC\","
                + " \"calendars\": [\"always\"]}}");

    assertThat(refused.fault()).isEqualTo("422 schedule_never_fires /schedule/calendars");
  }
}

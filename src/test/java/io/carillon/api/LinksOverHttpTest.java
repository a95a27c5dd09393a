package io.carillon.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What callers are told of links, callbacks and groups. */
class LinksOverHttpTest {
  @AutoClose private final ApiRig rig = ApiRig.start();

  private JsonNode created(String id, String fields) {
    return rig.send("PUT", "/api/v1/jobs/" + id, "{\"target\":{\"type\":\"noop\"}" + fields + "}")
        .json();
  }

  @Test
  void a_link_to_what_is_not_there_is_a_warning_until_it_is_there() {
    String links = ",\"onSuccess\":[{\"job\":\"later\"},{\"task\":\"never\"},{\"job\":\"first\"}]";

    JsonNode before = created("first", links).get("warnings");
    created("later", "");
    JsonNode after = rig.get("/api/v1/jobs/first").json().get("warnings");

    assertThat(before).hasSize(2);
    assertThat(before.get(0).asText()).contains("no job 'later'");
    assertThat(before.get(1).asText()).contains("no task 'never'");
    assertThat(after).hasSize(1);
  }

  @Test
  void fields_by_which_something_follows_are_kept_as_they_were_given() {
    JsonNode job =
        created(
            "grouped",
            ",\"group\":\"g\",\"onGroupComplete\":[{\"job\":\"grouped\"}],"
                + "\"callback\":{\"url\":\"https://x.example/cb\"}");

    assertThat(job.get("warnings")).isEmpty();
    assertThat(job.get("group").asText()).isEqualTo("g");
    assertThat(job.at("/callback/url").asText()).isEqualTo("https://x.example/cb");
    assertThat(job.at("/onGroupComplete/0/job").asText()).isEqualTo("grouped");
  }
}

package io.carillon.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.api.ApiRig.Answer;
import io.carillon.job.Job;
import io.carillon.job.Target;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Stored tasks in the calls of the source documents. */
class TasksOfAdaptersTest {
  private static final String MAIL =
      """
      {"target": {"type": "email", "to": "{{to}}", "subject": "{{subject}}", "text": "See you at {{place}}"},
       "parameters": {"to": {"type": "array", "required": true}, "subject": {"type": "string", "required": true},
                      "place": {"type": "string", "default": "Seattle"}}}
      """;
  private static final String SWEEP =
      """
      {"target": {"url": "https://shop.example/sweep", "body": {"days": "{{days}}"}},
       "parameters": {"days": {"type": "integer", "default": 30}}, "retry": {"maxAttempts": 9}, "queue": "nightly"}
      """;

  private final ApiRig api = ApiRig.start();

  @BeforeEach
  void store() {
    assertThat(api.send("PUT", "/api/v1/tasks/send_email", MAIL).status()).isEqualTo(201);
    assertThat(api.send("PUT", "/api/v1/tasks/sweep", SWEEP).status()).isEqualTo(201);
  }

  @AfterEach
  void close() {
    api.close();
  }

  private Job job(Answer made, String id) {
    assertThat(made.status()).as(made.body()).isBetween(200, 202);
    return api.job(made.json().get(id).asText());
  }

  @Test
  void a_scheduled_mail_goes_to_a_list() {
    Answer made =
        api.post(
            "/job",
            """
            {"task_id": "send_email", "scheduler": "ann", "execution_start_time": "2026-12-01T09:00:00Z",
             "parameters": {"to": ["a@b.example", "c@d.example"], "subject": "Event reminder"}}
            """);

    Target.Email mail = (Target.Email) job(made, "job_id").target();
    assertThat(mail.to()).containsExactly("a@b.example", "c@d.example");
    assertThat(mail.text()).isEqualTo("See you at Seattle");
    String alone = "{\"to\": \"a@b.example\", \"subject\": \"s\"}";
    Answer one =
        api.post(
            "/job",
            "{\"task_id\": \"send_email\", \"scheduler\": \"a\", \"parameters\": " + alone + "}");
    assertThat(((Target.Email) job(one, "job_id").target()).to()).containsExactly("a@b.example");
    assertThat(job(made, "job_id").policies().retry().maxAttempts()).isEqualTo(5);
  }

  @Test
  void faults_of_a_tasks_parameters_name_the_callers_own_fields() {
    Answer refused =
        api.post(
            "/job",
            """
            {"task_id": "send_email", "scheduler": "ann", "parameters": {"to": {}}}
            """);

    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.json().get("errors").findValuesAsText("pointer"))
        .containsExactlyInAnyOrder("/parameters/to", "/parameters/subject");
    Answer unknown = api.post("/job", "{\"task_id\": \"send_emial\", \"scheduler\": \"a\"}");
    assertThat(unknown.fault()).isEqualTo("422 task_unknown /task_id");
    assertThat(unknown.json().get("detail").asText()).contains("did you mean 'send_email'?");
  }

  @Test
  void a_queued_job_takes_its_data_as_parameters() {
    Job job = job(api.post("/jobs", "{\"name\": \"sweep\", \"data\": {\"days\": 7}}"), "id");

    assertThat(((Target.Http) job.target()).body())
        .isEqualTo(new Target.Body(true, "{\"days\":7}"));
    assertThat(job.queue()).isEqualTo("nightly");
    assertThat(job.policies().retry().maxAttempts()).isEqualTo(9);
    Job own =
        job(
            api.post(
                "/jobs",
                "{\"name\": \"sweep\", \"data\": {}, \"queue\": \"q\", \"opts\": {\"attempts\": 2}}"),
            "id");
    assertThat(own.queue()).isEqualTo("q");
    assertThat(own.policies().retry().maxAttempts()).isEqualTo(2);
    assertThat(api.post("/jobs", "{\"name\": \"sweep\", \"data\": {\"days\": \"x\"}}").fault())
        .isEqualTo("422 parameter_type /data/days");
    assertThat(job(api.post("/jobs", "{\"name\": \"sweep\", \"data\": [1]}"), "id").target())
        .isInstanceOf(Target.Log.class);
  }

  @Test
  void a_delayed_text_that_names_a_task_runs_it() {
    Job job = job(api.post("/schedule", "{\"task\": \"sweep\", \"delaySeconds\": 5}"), "jobId");

    assertThat(((Target.Http) job.target()).body().text()).isEqualTo("{\"days\":30}");
    assertThat(api.post("/schedule", "{\"task\": \"send_email\", \"delaySeconds\": 5}").fault())
        .isEqualTo("422 validation_failed /task/to");
    Job text = job(api.post("/schedule", "{\"task\": \"sweeep\", \"delaySeconds\": 5}"), "jobId");
    assertThat(text.target()).isEqualTo(new Target.Log("sweeep"));
  }

  @Test
  void a_task_in_the_canonical_form_is_taken_at_the_root_too() {
    Job job = job(api.post("/jobs", "{\"task\": \"sweep\"}"), "id");

    assertThat(job.queue()).isEqualTo("nightly");
  }
}

package io.carillon.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import io.carillon.job.JobId;
import io.carillon.job.Target;
import io.carillon.job.TargetRules;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EmailTargetsTest {
  private static final String SOUND =
      "\"type\": \"email\", \"to\": \"a@x.example\", \"subject\": \"s\", \"text\": \"t\"";

  private final ReaderRig read = new ReaderRig();

  private static String mail(String members) {
    return "{\"target\": {" + members + "}}";
  }

  @Test
  void a_mail_is_read_with_its_defaults() {
    assertThat(read.job(mail(SOUND)).target())
        .isEqualTo(
            new Target.Email(
                List.of("a@x.example"),
                List.of(),
                List.of(),
                null,
                null,
                "s",
                false,
                "t",
                Duration.ofSeconds(30)));
  }

  @Test
  void every_field_of_a_mail_is_read() {
    String members =
        """
        "type": "email", "to": ["a@x.example", "b@x.example"], "cc": "c@x.example",
        "bcc": ["d@x.example"], "from": "me@x.example", "replyTo": "Desk <r@x.example>",
        "subject": "s", "html": "<p>", "timeout": "PT5S"
        """;

    assertThat(read.job(mail(members)).target())
        .isEqualTo(
            new Target.Email(
                List.of("a@x.example", "b@x.example"),
                List.of("c@x.example"),
                List.of("d@x.example"),
                "me@x.example",
                "Desk <r@x.example>",
                "s",
                true,
                "<p>",
                Duration.ofSeconds(5)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "to": "a@x.example\\r\\nBcc: b@x.example" | /to      | address_invalid
          "to": ["a@x.example", "b"]                | /to/1    | address_invalid
          "to": []                                  | /to      | list_empty
          "to": {}                                  | /to      | json_type
          "to": [1]                                 | /to/0    | json_type
          "to": null                                | /to      | field_required
          "cc": "a@x.example, b@x.example"          | /cc      | address_invalid
          "from": "x"                               | /from    | address_invalid
          "replyTo": "a@x\\n"                       | /replyTo | address_invalid
          "subject": "a\\r\\nBcc: b@x.example"      | /subject | header_value
          "subject": " "                            | /subject | subject_length
          "subject": null                           | /subject | field_required
          "text": null                              | /text    | field_required
          "text": " "                               | /text    | text_empty
          "html": "h"                               | /text    | content_ambiguous
          "timeout": "PT0S"                         | /timeout | timeout_range
          "url": "https://x.example/"               | /url     | field_unknown
          """)
  void a_fault_of_a_mail_has_its_code_and_place(String member, String pointer, String code) {
    String name = member.substring(0, member.indexOf(':'));
    String others = SOUND.replaceFirst(name + ": \"[^\"]*\",? ?", "").replaceFirst(", $", "");

    read.one(mail(others + ", " + member), "/target" + pointer, code);
  }

  @Test
  void a_mail_has_fifty_recipients_and_a_text_of_256_kib_at_most() {
    String many =
        IntStream.range(0, 49)
            .mapToObj(i -> "\"u" + i + "@x.example\"")
            .collect(Collectors.joining(", ", "[", "]"));

    assertThat(read.job(mail(SOUND + ", \"bcc\": " + many)).target())
        .isInstanceOf(Target.Email.class);
    read.one(
        mail(SOUND + ", \"cc\": \"c@x.example\", \"bcc\": " + many),
        "/target/to",
        "recipients_too_many");
    String large = "x".repeat(Target.LARGEST_BODY + 1);
    read.one(
        mail(SOUND.replace("\"t\"", "\"" + large + "\"")), "/target/text", "payload_too_large");
  }

  @Test
  void a_server_without_a_mail_server_refuses_mails_at_submission() {
    TargetRules none =
        new TargetRules() {
          @Override
          public List<Broken> url(String url) {
            return List.of();
          }

          @Override
          public List<Broken> headers(Map<String, String> headers) {
            return List.of();
          }
        };
    Faults faults = new Faults();

    new JobReader(none, InstantSource.system())
        .read(StrictJson.read(mail(SOUND).getBytes(StandardCharsets.UTF_8)), JobId.of("j"), faults);

    assertThat(faults.list())
        .extracting(Fault::pointer, Fault::code)
        .containsExactly(tuple("/target/type", "email_unavailable"));
  }
}

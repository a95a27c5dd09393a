package io.carillon.spec;

import com.fasterxml.jackson.databind.JsonNode;
import io.carillon.job.MailRules;
import io.carillon.job.Target;
import io.carillon.job.Target.Email;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads a target of type {@code email}. One use; not thread-safe. */
final class EmailReader {
  private static final int LONGEST_SUBJECT = 500;

  private final Fields fields;
  private final MailRules rules;

  EmailReader(Fields fields, MailRules rules) {
    this.fields = fields;
    this.rules = rules;
  }

  /** What is returned counts only if no fault was noted. */
  @Nullable Email read() {
    if (!rules.available()) {
      fields.fault(
          "type", "email_unavailable", "this server sends no mail: carillon.mail.host is not set");
    }
    List<String> to = addresses("to");
    List<String> cc = addresses("cc");
    List<String> bcc = addresses("bcc");
    if (!fields.has("to")) {
      fields.required("to");
    } else if (to.isEmpty()) {
      fields.fault("to", "list_empty", "a mail has at least one address in 'to'");
    }
    int recipients = to.size() + cc.size() + bcc.size();
    if (recipients > Email.MOST_RECIPIENTS) {
      fields.fault(
          "to",
          "recipients_too_many",
          recipients + " recipients; a mail has at most " + Email.MOST_RECIPIENTS);
    }
    String from = address("from");
    String replyTo = address("replyTo");
    String subject = subject();
    boolean html = fields.has("html");
    String text = text(html);
    Duration timeout =
        fields.duration(
            "timeout", Target.Http.SHORTEST_TIMEOUT, Target.Http.LONGEST_TIMEOUT, "timeout_range");
    if (to.isEmpty() || recipients > Email.MOST_RECIPIENTS || subject == null || text == null) {
      return null;
    }
    return new Email(
        to,
        cc,
        bcc,
        from,
        replyTo,
        subject,
        html,
        text,
        timeout == null ? Target.Http.DEFAULT_TIMEOUT : timeout);
  }

  /** One address as a string, or several in an array. */
  private List<String> addresses(String name) {
    JsonNode node = fields.any(name);
    List<String> addresses = new ArrayList<>();
    if (node == null) {
      return addresses;
    }
    if (node.isTextual()) {
      addresses.add(node.textValue());
      check(node.textValue(), fields.pointer(name));
      return addresses;
    }
    if (!node.isArray()) {
      String kind = Fields.kind(node);
      fields.fault(name, "json_type", "'" + name + "' must be a string or an array, not " + kind);
      addresses.add("");
      return addresses;
    }
    List<String> given = fields.texts(name, 1_000);
    for (int i = 0; given != null && i < given.size(); i++) {
      check(given.get(i), fields.pointer(name) + "/" + i);
    }
    // What was left out as no string was told already.
    return given == null || (given.isEmpty() && !node.isEmpty()) ? List.of("") : given;
  }

  private @Nullable String address(String name) {
    String address = fields.text(name);
    if (address != null) {
      check(address, fields.pointer(name));
    }
    return address;
  }

  private void check(String address, String pointer) {
    rules.faultOf(address).ifPresent(what -> fields.faults().add(pointer, "address_invalid", what));
  }

  private @Nullable String subject() {
    String subject = fields.text("subject");
    if (!fields.has("subject")) {
      fields.required("subject");
    } else if (subject != null) {
      if (subject.isBlank() || subject.length() > LONGEST_SUBJECT) {
        fields.fault("subject", "subject_length", "1 to " + LONGEST_SUBJECT + " characters");
      }
      if (subject.codePoints().anyMatch(EmailReader::breaksLines)) {
        fields.fault("subject", "header_value", "a subject is one line without control characters");
      }
    }
    return subject;
  }

  private static boolean breaksLines(int c) {
    return Character.isISOControl(c) || c == 0x2028 || c == 0x2029;
  }

  private @Nullable String text(boolean html) {
    String plain = fields.text("text");
    String rich = fields.text("html");
    if (fields.has("text") == html) {
      fields.fault(
          "text",
          html ? "content_ambiguous" : "field_required",
          "a mail has either a 'text' or an 'html'");
      return null;
    }
    String name = html ? "html" : "text";
    String text = html ? rich : plain;
    if (text != null && text.isBlank()) {
      fields.fault(name, "text_empty", "'" + name + "' holds nothing");
    }
    if (text != null && text.getBytes(StandardCharsets.UTF_8).length > Target.LARGEST_BODY) {
      fields.fault(
          name, "payload_too_large", "a text has at most " + Target.LARGEST_BODY / 1024 + " KiB");
    }
    return text;
  }
}

package io.carillon;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The package directions of the architecture document. Each rule was seen red once. */
class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.carillon");

  private static final List<String> FEATURES =
      List.of(
          "quartz",
          "target",
          "history",
          "idempotency",
          "security",
          "secret",
          "metrics",
          "queue",
          "breaker",
          "task",
          "following",
          "calendar",
          "events");

  @TestFactory
  Stream<DynamicTest> packages_below_know_only_what_is_below_them() {
    return Stream.of(
            closed("cron"),
            closed("job", "io.carillon.cron.."),
            closed("execution", "io.carillon.job..", "io.carillon.cron.."),
            closed("spec", "io.carillon.job..", "io.carillon.cron..", "com.fasterxml.jackson.."),
            closed("config", "org.slf4j.."))
        .map(rule -> DynamicTest.dynamicTest(rule.getDescription(), () -> check(rule)));
  }

  /** Beside itself and the JDK, a package knows only these. */
  private static ArchRule closed(String name, String... mayAlsoUse) {
    String home = "io.carillon." + name + "..";
    String[] allowed =
        Stream.concat(Stream.of("java..", "org.jspecify..", home), Stream.of(mayAlsoUse))
            .toArray(String[]::new);
    return classes()
        .that()
        .resideInAPackage(home)
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(allowed)
        .as(name + " knows only the JDK and " + List.of(mayAlsoUse));
  }

  @TestFactory
  Stream<DynamicTest> each_library_has_one_package_that_knows_it() {
    return Stream.of(
            only("org.quartz..", "io.carillon.quartz.."),
            only("io.javalin..", "io.carillon.api.."),
            only("org.eclipse.jetty..", "io.carillon.api.."),
            only("okhttp3..", "io.carillon.target.."),
            only("jakarta.mail..", "io.carillon.quartz.mail.."),
            only("org.eclipse.angus..", "io.carillon.quartz.mail.."),
            only("com.zaxxer.hikari..", "io.carillon.db.."),
            only("org.flywaydb..", "io.carillon.db.."),
            only("biweekly..", "io.carillon.calendar.."),
            only("io.micrometer..", "io.carillon.metrics.."))
        .map(rule -> DynamicTest.dynamicTest(rule.getDescription(), () -> check(rule)));
  }

  private static ArchRule only(String library, String home) {
    return noClasses()
        .that()
        .resideOutsideOfPackage(home)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library)
        .as("only " + home + " knows " + library);
  }

  @TestFactory
  Stream<DynamicTest> features_do_not_know_each_other() {
    return FEATURES.stream()
        .map(
            feature ->
                noClasses()
                    .that()
                    .resideInAPackage("io.carillon." + feature + "..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                        FEATURES.stream()
                            .filter(other -> !other.equals(feature))
                            .map(other -> "io.carillon." + other + "..")
                            .toArray(String[]::new))
                    .allowEmptyShould(true)
                    .as(feature + " knows no other feature"))
        .map(rule -> DynamicTest.dynamicTest(rule.getDescription(), () -> check(rule)));
  }

  @Test
  void nothing_below_knows_the_api_or_the_root() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackages("io.carillon.api..", "io.carillon")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.carillon.api..", "io.carillon"));
  }

  @Test
  void the_database_package_knows_no_feature() {
    check(
        noClasses()
            .that()
            .resideInAPackage("io.carillon.db..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                FEATURES.stream().map(f -> "io.carillon." + f + "..").toArray(String[]::new)));
  }

  @Test
  void packages_form_no_cycles() {
    check(slices().matching("io.carillon.(*)..").should().beFreeOfCycles().allowEmptyShould(true));
  }

  @Test
  void nothing_sleeps_prints_or_exits() {
    check(
        noClasses()
            .that()
            .doNotHaveFullyQualifiedName("io.carillon.Main")
            .should()
            .callMethod(Thread.class, "sleep", long.class)
            .orShould()
            .callMethod(System.class, "exit", int.class)
            .orShould()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err"));
  }

  @Test
  void names_say_something() {
    check(
        noClasses()
            .should()
            .haveNameMatching(".*(Util|Utils|Helper|Manager|Impl|Data|Info)")
            .as("no class is called Util, Helper, Manager, Impl, Data or Info"));
  }

  private static void check(ArchRule rule) {
    rule.check(CLASSES);
  }
}

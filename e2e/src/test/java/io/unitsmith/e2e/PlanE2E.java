package io.unitsmith.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.unitsmith.testbed.ContainerHost;
import io.unitsmith.testbed.Testbed;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** On a host that belongs to a cluster, `unitsmith plan` tells beforehand what `kubectl apply` will change there. */
@EndToEnd
class PlanE2E {

    private final ContainerHost host;
    private final Tenant tenant;

    PlanE2E(Testbed bed) {
        this.host = bed.host("web-1");
        this.tenant = Tenant.create(bed, "plans", "plan-ann", "plan-ben");
    }

    @AfterAll
    void cleanUp() {
        tenant.close();
    }

    @Test
    void planTellsExactlyWhatKubectlApplyThenChangesAndTouchesNothing() {
        Pool shop = tenant.pool("shop", "plan-ann");
        Pool blog = tenant.pool("blog", "plan-ben");
        Mount files = tenant.mount("files");
        apply(pool(shop, "8.4", "128M"));
        shop.awaitReady().visit(host); // its master runs: an edit has to reach it

        String several = pool(shop, "8.4", "256M") + pool(blog, "8.4", "128M") + mount("plans-one");
        Planned edits = Planned.touchingNothing(host, several);
        assertThat(edits.actions())
                .contains("reload " + shop.service(), "start " + blog.socketUnit(), "start srv-plans-files.automount");
        edits.isWhatIsDone(host, () -> {
            apply(several);
            shop.awaitReady();
            blog.awaitReady();
            files.awaitReady();
        });

        String switched = pool(shop, "8.2", "256M");
        Planned.touchingNothing(host, switched).isWhatIsDone(host, () -> {
            apply(switched);
            shop.awaitReady();
        });
    }

    private void apply(String manifests) {
        tenant.apply(manifests).output();
    }

    private String pool(Pool pool, String version, String memory) {
        return """
                ---
                apiVersion: unitsmith.io/v1alpha1
                kind: PhpFpmPool
                metadata: {name: %s, namespace: %s}
                spec: {hostNames: [web-1], user: %s, phpVersion: "%s", phpAdminValues: {memory_limit: %s}}
                """.formatted(pool.name(), tenant.namespace(), pool.user(), version, memory);
    }

    private String mount(String secret) {
        return """
                ---
                apiVersion: v1
                kind: Secret
                metadata: {name: key, namespace: %1$s}
                stringData: {privateKey: "-----BEGIN KEY-----\\n%2$s\\n", knownHosts: "files ssh-ed25519 AAAA\\n"}
                ---
                apiVersion: unitsmith.io/v1alpha1
                kind: RemoteMount
                metadata: {name: files, namespace: %1$s}
                spec:
                  hostNames: [web-1]
                  type: sshfs
                  source: files@files:/srv
                  path: /srv/plans/files
                  credentials: {secretRef: {name: key}}
                """.formatted(tenant.namespace(), secret);
    }
}

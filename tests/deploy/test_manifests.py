"""What Kubernetes, Compose and Spaces are told: valid, and true of the container that is built."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from models.core.environment import Environment, variable
from tests.browser.server import ROOT
from tests.deploy.dockerfile import read

DEPLOY = ROOT / "deploy"
STEPS = read((ROOT / "Dockerfile").read_text(encoding="utf-8"))
PORTS = [int(port) for name, rest in STEPS if name == "EXPOSE" for port in rest.split()]
MANIFESTS = sorted(
    file for file in (DEPLOY / "kubernetes").glob("*.yaml") if file.stem != "kustomization"
)
OLDEST = "1.32"  # its Deployments know a pause before the end
SETTINGS = {variable(name) for name in Environment.model_fields}


def loaded(file: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return found


ALL = {one["kind"]: one for one in map(loaded, MANIFESTS)}
POD = ALL["Deployment"]["spec"]["template"]["spec"]
APP = POD["containers"][0]


@pytest.mark.parametrize("version", [OLDEST, kubernetes_validate.latest_version()])
@pytest.mark.parametrize("file", MANIFESTS, ids=lambda file: file.stem)
def test_a_manifest_is_one(file: Path, version: str) -> None:
    kubernetes_validate.validate(loaded(file), version, strict=True)


def test_they_are_all_applied_and_mean_the_same_pods() -> None:
    listed = loaded(DEPLOY / "kubernetes" / "kustomization.yaml")["resources"]
    assert sorted(listed) == [file.name for file in MANIFESTS]
    assert set(ALL) == {
        *("Deployment", "Service", "Ingress", "HorizontalPodAutoscaler", "PodDisruptionBudget")
    }
    labels = ALL["Deployment"]["spec"]["template"]["metadata"]["labels"]
    assert ALL["Deployment"]["spec"]["selector"]["matchLabels"] == labels
    assert ALL["Service"]["spec"]["selector"] == labels
    assert ALL["PodDisruptionBudget"]["spec"]["selector"]["matchLabels"] == labels
    assert ALL["HorizontalPodAutoscaler"]["spec"]["scaleTargetRef"]["name"] == "dikkat"
    assert {one["metadata"]["name"] for one in ALL.values()} == {"dikkat"}


def test_a_pod_may_nothing_that_it_does_not_need() -> None:
    user = next(rest for name, rest in STEPS if name == "USER")
    assert user == f"{POD['securityContext']['runAsUser']}:{POD['securityContext']['runAsGroup']}"
    assert POD["securityContext"]["runAsNonRoot"]
    assert APP["securityContext"]["readOnlyRootFilesystem"]
    assert not APP["securityContext"]["allowPrivilegeEscalation"]
    assert {one["mountPath"] for one in APP["volumeMounts"]} == {"/tmp", "/data"}


def test_ports_probes_and_settings_are_the_containers_own() -> None:
    assert [port["containerPort"] for port in APP["ports"]] == PORTS
    for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
        asked = APP[probe]["httpGet"]
        assert asked["port"] == "http"
        # DIKKAT_HOSTS refuses every name but its own and this one.
        assert asked["httpHeaders"] == [{"name": "Host", "value": "localhost"}]
    named = {one["name"] for one in APP["env"]}
    assert {name for name in named if name.startswith("DIKKAT_")} <= SETTINGS
    assert {"DIKKAT_DATABASE", "STREAMLIT_SERVER_COOKIE_SECRET"} <= named


def test_a_visitor_stays_with_a_pod_by_cookie_and_not_by_address() -> None:
    rules = ALL["Ingress"]["metadata"]["annotations"]
    assert rules["nginx.ingress.kubernetes.io/affinity"] == "cookie"
    assert rules["nginx.ingress.kubernetes.io/enable-access-log"] == "false"
    sticky = "traefik.ingress.kubernetes.io/service.sticky.cookie"
    assert ALL["Service"]["metadata"]["annotations"][sticky] == "true"
    assert "sessionAffinity" not in ALL["Service"]["spec"]


def test_compose_builds_that_container_and_lets_it_write_nowhere_else() -> None:
    app = loaded(DEPLOY / "compose.yaml")["services"]["app"]
    assert (DEPLOY / app["build"]).resolve() == ROOT
    assert app["read_only"]
    assert app["ports"][0].endswith(f":{PORTS[0]}")
    assert set(app["environment"]) <= SETTINGS
    assert [place.partition(":")[2] for place in app["volumes"]] == ["/data"]
    assert app["tmpfs"] == ["/tmp"]


def test_a_space_asks_at_the_containers_port() -> None:
    _, front, words = (DEPLOY / "spaces" / "README.md").read_text(encoding="utf-8").split("---\n")
    said = yaml.safe_load(front)
    assert said["sdk"] == "docker"
    assert said["app_port"] == PORTS[0]
    assert len(said["short_description"]) <= 60
    assert words.strip()


def test_entry_and_health_are_lists_so_that_a_signal_reaches_the_app() -> None:
    entry = next(rest for name, rest in STEPS if name == "ENTRYPOINT")
    assert json.loads(entry)[:3] == ["python", "-m", "deploy.serve"]
    assert str(PORTS[0]) in json.loads(entry)

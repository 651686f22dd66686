{{/* Names are fixed: CRDs and the agents' ClusterRoles are one per cluster, so there is one Unitsmith per cluster. */}}
{{- define "unitsmith.operator" -}}unitsmith-operator{{- end }}

{{- define "unitsmith.selectorLabels" -}}
app.kubernetes.io/name: unitsmith
app.kubernetes.io/component: operator
{{- end }}

{{- define "unitsmith.labels" -}}
app.kubernetes.io/name: unitsmith
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{/* How the operator's ServiceAccount shows up in requests. */}}
{{- define "unitsmith.operatorUser" -}}
system:serviceaccount:{{ .Release.Namespace }}:{{ include "unitsmith.operator" . }}
{{- end }}
